import type { Clock } from '../ports/clock.port.ts';
import type { CloudServer } from '../ports/cloud.port.ts';
import { stopped } from './stopped.ts';

/** All servers as they were at one time. */
export interface Listing {
  /** When it was asked for, monotonic: it knows of all that was done before. */
  readonly askedAtMs: number;
  readonly servers: ReadonlyMap<string, CloudServer>;
}

interface Flight {
  readonly askedAtMs: number;
  readonly listing: Promise<Listing>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * One list of servers that many look at: it is read only when it is too old for somebody, and once for
 * all who want it at that time.
 */
export class SharedList {
  readonly #clock: Clock;
  readonly #read: (signal: AbortSignal) => Promise<readonly CloudServer[]>;
  #last: Listing | undefined;
  #flight: Flight | undefined;

  constructor(deps: {
    readonly clock: Clock;
    readonly read: (signal: AbortSignal) => Promise<readonly CloudServer[]>;
  }) {
    this.#clock = deps.clock;
    this.#read = deps.read;
  }

  /** Rejects as the reading does; reading stops when nobody waits for it any more. */
  async atMost(maxAgeMs: number, signal: AbortSignal): Promise<Listing> {
    if (signal.aborted) throw stopped(signal);
    const sinceMs = this.#clock.monotonicMs() - maxAgeMs;
    if (this.#last !== undefined && this.#last.askedAtMs >= sinceMs) return this.#last;
    const running = this.#flight;
    const isRecent = running !== undefined && running.askedAtMs >= sinceMs;
    return this.#join(isRecent ? running : this.#start(), signal);
  }

  #start(): Flight {
    const controller = new AbortController();
    const askedAtMs = this.#clock.monotonicMs();
    const listing = this.#list(askedAtMs, controller.signal);
    const flight: Flight = { askedAtMs, listing, controller, waiting: 0 };
    this.#flight = flight;
    return flight;
  }

  async #list(askedAtMs: number, signal: AbortSignal): Promise<Listing> {
    const rows = await this.#read(signal);
    const servers = new Map(rows.map((server) => [server.externalId, server]));
    const listing = { askedAtMs, servers };
    if (this.#last === undefined || this.#last.askedAtMs <= askedAtMs) this.#last = listing;
    return listing;
  }

  async #join(flight: Flight, signal: AbortSignal): Promise<Listing> {
    flight.waiting += 1;
    let onAbort = (): void => undefined;
    const givenUp = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(stopped(signal));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([flight.listing, givenUp]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#land(flight);
    }
  }

  #land(flight: Flight): void {
    if (this.#flight === flight) this.#flight = undefined;
    flight.controller.abort();
  }
}
