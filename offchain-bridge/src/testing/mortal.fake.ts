import type { Clock } from '../ports/clock.port.ts';

/** What happens to a process at this point: nothing, its end, or a stop of so many milliseconds. */
export type Stroke = 'none' | 'death' | number;

/**
 * The life of one process: everything it does to the world goes through here. Once it has died nothing
 * that it waits for ever comes, so that it never goes on. A process may also be stopped for a while, as by
 * a busy machine: then it goes on with what it knew before.
 */
export class Life {
  readonly #stroke: () => Stroke;
  readonly #clock: Clock;
  #isDead = false;
  /** Nothing of it goes on before. */
  #frozenUntilMs = 0;
  /** How often it could have died. */
  steps = 0;

  /** `clock`: the world's. */
  constructor(clock: Clock, stroke: () => Stroke) {
    this.#clock = clock;
    this.#stroke = stroke;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(): void {
    this.#isDead = true;
  }

  /** Does one thing to the world. It may die before, or after, when nobody hears how it went. */
  async step<T>(act: () => Promise<T>): Promise<T> {
    if (await this.#ends()) return never();
    let value: T;
    try {
      value = await act();
    } catch (error) {
      if (await this.#ends()) return never();
      throw error;
    }
    return (await this.#ends()) ? never() : value;
  }

  /** The same clock, until it dies. Waiting is nothing to die of. */
  clock(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (durationMs, signal) => {
        if (this.#hasDied()) return never();
        try {
          await clock.sleep(durationMs, signal);
        } catch (error) {
          await this.#thawed();
          if (this.#hasDied()) return never();
          throw error;
        }
        await this.#thawed();
        return this.#hasDied() ? never() : undefined;
      },
    };
  }

  #hasDied(): boolean {
    return this.#isDead;
  }

  async #ends(): Promise<boolean> {
    await this.#thawed();
    if (this.#isDead) return true;
    this.steps += 1;
    const stroke = this.#stroke();
    if (stroke === 'death') this.#isDead = true;
    else if (stroke !== 'none') this.#frozenUntilMs = this.#clock.monotonicMs() + stroke;
    await this.#thawed();
    return this.#isDead;
  }

  async #thawed(): Promise<void> {
    for (;;) {
      const leftMs = this.#frozenUntilMs - this.#clock.monotonicMs();
      if (leftMs <= 0) return;
      await this.#clock.sleep(leftMs);
    }
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
