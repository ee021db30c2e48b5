import type { Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { Timers } from '@decent-cloud/kit/timers/timers.port.ts';
import type { SourceRow } from '../core/pricing/token-pricing.ts';
import { isSampleDue } from '../core/samples/ring.ts';
import type { RawQuote, SampleRejection } from '../core/samples/sample.ts';
import type { SourceId } from '../core/units.ts';
import type { TokenValueStorage } from '../storage/token-value-storage.ts';
import { askSource } from './ask/ask-source.ts';
import type { PriceBook } from './price-book.ts';
import { jitterSeconds } from './tick-jitter.ts';

/** How often every source is asked, and how far two ticks may be from that grid. */
export const TICK_SECONDS = 300;
/** Two ticks are never less than four minutes apart: 300 - 58 seconds. */
const JITTER_SECONDS = 59;
/** By then all that answer have answered; prices do not wait for the others. */
const UPDATE_AT_LATEST_SECONDS = 45;
/** A call that has been open for longer is told of as hanging. */
const HANGING_AFTER_NS = 60n * 1_000_000_000n;

/** What came of the wish to ask a source. */
export type StartOutcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'disabled' }
  /** Asked less than four minutes ago. */
  | { readonly kind: 'too-soon' }
  /** Its last call has not been answered. */
  | { readonly kind: 'open'; readonly sinceNs: TimestampNs };

/** A source and what came of the wish to ask it. */
export interface StartedSource {
  readonly id: SourceId;
  readonly outcome: StartOutcome;
}

/**
 * Asks sources on time. Each is asked in a message of its own, so that one which never answers, or
 * whose answer makes our code trap, leaves the others alone; it has at most one open call, and
 * nothing waits for it. What is open is known to the heap only, as the calls are.
 */
export class Sampler {
  readonly #runtime: Runtime;
  readonly #timers: Timers;
  readonly #storage: TokenValueStorage;
  readonly #prices: PriceBook;
  readonly #open = new Map<SourceId, TimestampNs>();
  /** Sources of the running tick that have not answered; prices are made when it is empty. */
  #awaited = new Set<SourceId>();

  constructor(parts: {
    readonly runtime: Runtime;
    readonly timers: Timers;
    readonly storage: TokenValueStorage;
    readonly prices: PriceBook;
  }) {
    this.#runtime = parts.runtime;
    this.#timers = parts.timers;
    this.#storage = parts.storage;
    this.#prices = parts.prices;
  }

  /** Called by the clock: ticks a little later than it, never the same little. */
  scheduleTick(): void {
    const [at, self] = [this.#runtime.time(), this.#runtime.self()];
    const afterSeconds = jitterSeconds({ at, self, spreadSeconds: JITTER_SECONDS });
    this.#timers.once({ afterSeconds, run: () => void this.tick() });
  }

  /** Asks every source that may be asked now, and has prices made when they have answered. */
  tick(): readonly StartedSource[] {
    const started = this.#storage.config
      .config()
      .sources.map((row) => ({ id: row.id, outcome: this.#start(row) }));
    const asked = started.filter(({ outcome }) => outcome.kind === 'started');
    this.#awaited = new Set(asked.map(({ id }) => id));
    if (asked.length === 0) this.#prices.scheduleUpdate(0);
    else this.#timers.once({ afterSeconds: UPDATE_AT_LATEST_SECONDS, run: () => this.#giveUp() });
    return started;
  }

  /** Since when a source has not answered, if that is long. */
  hangingSinceNs(id: SourceId): TimestampNs | undefined {
    const sinceNs = this.#open.get(id);
    const isLong = sinceNs !== undefined && this.#runtime.time() - sinceNs > HANGING_AFTER_NS;
    return isLong ? sinceNs : undefined;
  }

  openCallCount(): number {
    return this.#open.size;
  }

  #start(row: SourceRow): StartOutcome {
    const outcome = this.#mayAsk(row);
    if (outcome.kind === 'started') {
      this.#timers.once({ afterSeconds: 0, run: () => this.#sample(row) });
    }
    return outcome;
  }

  #mayAsk({ id, source }: SourceRow): StartOutcome {
    if (!source.isEnabled) return { kind: 'disabled' };
    const sinceNs = this.#open.get(id);
    if (sinceNs !== undefined) return { kind: 'open', sinceNs };
    const { askedAtNs } = this.#storage.samples.state(id);
    const isDue = isSampleDue({ newestAtNs: askedAtNs, nowNs: this.#runtime.time() });
    return isDue ? { kind: 'started' } : { kind: 'too-soon' };
  }

  /** Runs alone in its message. `finally` also runs if our own code traps after the await. */
  async #sample(row: SourceRow): Promise<void> {
    const { id, source } = row;
    if (this.#mayAsk(row).kind !== 'started') return;
    const atNs = this.#runtime.time();
    this.#open.set(id, atNs);
    this.#storage.samples.markAsked(id, atNs);
    try {
      this.#record(id, atNs, await askSource(this.#runtime, source.origin, atNs));
    } finally {
      this.#open.delete(id);
    }
    this.#answered(id);
  }

  #record(id: SourceId, atNs: TimestampNs, answer: Result<RawQuote, SampleRejection>): void {
    const { samples } = this.#storage;
    if (answer.kind === 'err') {
      samples.markFailed(id, { atNs, rejection: answer.error });
      return;
    }
    const appended = samples.append(id, { atNs, ...answer.value });
    if (appended.kind === 'err') samples.markFailed(id, { atNs, rejection: appended.error });
  }

  /** Prices are made without those that have not answered by now. */
  #giveUp(): void {
    if (this.#awaited.size === 0) return;
    this.#awaited.clear();
    this.#prices.update();
  }

  #answered(id: SourceId): void {
    if (this.#awaited.delete(id) && this.#awaited.size === 0) this.#prices.scheduleUpdate(0);
  }
}
