import { NATIVE_WAIT, type NativeCallOutcome, type NativeContext } from '../../../core/native.ts';

interface Held {
  /** Rounds until it goes on by itself; undefined waits for `release`. */
  roundsLeft: number | undefined;
  isReleased: boolean;
}

/** Calls that a ledger has not answered yet on purpose. None of them survives a snapshot. */
export class HeldCalls {
  #held: Held[] = [];

  get count(): number {
    return this.#held.length;
  }

  /** Leaves the calling handler's call open until it is let go. */
  *hold(rounds: number | undefined): Generator<typeof NATIVE_WAIT, void, NativeCallOutcome> {
    const held: Held = { roundsLeft: rounds, isReleased: false };
    this.#held.push(held);
    while (!held.isReleased) yield NATIVE_WAIT;
    this.#held = this.#held.filter((other) => other !== held);
  }

  /** Lets every held call go on in the next round; returns how many there are. */
  release(): number {
    for (const held of this.#held) held.isReleased = true;
    return this.#held.length;
  }

  /** True while the ledger must be woken in the next round: to count down or to let go. */
  get wantsRound(): boolean {
    return this.#held.some((held) => held.isReleased || held.roundsLeft !== undefined);
  }

  /** To be called once a round. */
  onRound(context: NativeContext): void {
    for (const held of this.#held) {
      if (held.roundsLeft === undefined) continue;
      held.roundsLeft -= 1;
      if (held.roundsLeft <= 0) held.isReleased = true;
    }
    if (this.#held.some(({ isReleased }) => isReleased)) context.resumeWaiting();
  }

  clear(): void {
    this.#held = [];
  }
}
