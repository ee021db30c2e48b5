import type { HttpOutcall } from '../core/types.ts';
import { performOutcall } from './http-fetch.ts';
import type { LiveHost } from './live-host.ts';

/** From `start` to `stop`; outcall numbers are never used again. */
interface Session {
  readonly abort: AbortController;
  readonly underWay: Set<number>;
}

/**
 * Carries HTTPS outcalls of a replica to the real world and back while it is started. Between
 * `stop` and `start` outcalls stay pending, for whoever answers them by hand.
 */
export class OutcallCourier {
  readonly #host: LiveHost;
  #session: Session | undefined;

  constructor(host: LiveHost) {
    this.#host = host;
    // Told before a round runs; what the round asks for is there once it has.
    host.replica.onInput((input) => {
      if (input.kind === 'round') setImmediate(() => this.#collect());
    });
  }

  start(): void {
    this.#session ??= { abort: new AbortController(), underWay: new Set() };
    this.#collect();
  }

  stop(): void {
    this.#session?.abort.abort();
    this.#session = undefined;
  }

  #collect(): void {
    const session = this.#session;
    if (session === undefined) return;
    for (const outcall of this.#host.replica.pendingHttpOutcalls()) {
      if (session.underWay.has(outcall.id)) continue;
      session.underWay.add(outcall.id);
      void this.#carry(outcall, session.abort.signal);
    }
  }

  async #carry(outcall: HttpOutcall, signal: AbortSignal): Promise<void> {
    const answer = await performOutcall(outcall, signal);
    if (signal.aborted || !this.#isPending(outcall.id)) return;
    this.#host.replica.answerHttpOutcall(outcall.id, answer);
    this.#host.kick();
  }

  #isPending(id: number): boolean {
    return this.#host.replica.pendingHttpOutcalls().some((outcall) => outcall.id === id);
  }
}
