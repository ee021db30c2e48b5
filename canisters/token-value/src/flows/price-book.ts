import { sha256 } from '@decent-cloud/domain/sha256.ts';
import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { Timers } from '@decent-cloud/kit/timers/timers.port.ts';
import { currentPrice } from '../core/pricing/current-price.ts';
import { evaluate } from '../core/pricing/evaluate.ts';
import { healthChanges } from '../core/pricing/health-changes.ts';
import type { Evaluation, TokenReport } from '../core/pricing/report.ts';
import { sourcesDigestInput } from '../core/pricing/sources-digest.ts';
import type { TokenRecord } from '../storage/report-store.ts';
import type { TokenValueStorage } from '../storage/token-value-storage.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** The longest time between two ticks. What was computed before that is computed again. */
const EVALUATION_AGE_MAX_NS = 360n * NS_PER_SECOND;
const NO_HASH = new Uint8Array(0);

/**
 * Prices, made from the samples. They are computed in messages of their own and stored, so that
 * reading one costs next to nothing; a reader that finds them out of date computes for itself.
 */
export class PriceBook {
  readonly #runtime: Runtime;
  readonly #timers: Timers;
  readonly #storage: TokenValueStorage;

  constructor(parts: {
    readonly runtime: Runtime;
    readonly timers: Timers;
    readonly storage: TokenValueStorage;
  }) {
    this.#runtime = parts.runtime;
    this.#timers = parts.timers;
    this.#storage = parts.storage;
  }

  /** A change of the configuration: nothing computed before it is used from now on. */
  invalidate(): void {
    this.#storage.reports.markOutdated();
    this.scheduleUpdate(0);
  }

  /** Computes after so many seconds, in a message of its own that can fail alone. */
  scheduleUpdate(afterSeconds: number): void {
    this.#timers.once({ afterSeconds, run: () => this.update() });
  }

  /** Computes all prices, stores them, and writes down what became better or worse. */
  update(): void {
    const { reports, journal, history } = this.#storage;
    const at = this.#runtime.time();
    const before = this.#stored();
    const after = this.#compute(at);
    for (const event of healthChanges(before, after)) journal.append({ at, event });
    reports.save(after, (report) => this.#hashOf(report, after));
    for (const [index, { price }] of after.tokens.entries()) {
      if (price.kind === 'no-price') continue;
      history.record(index, { atNs: at, priceE18: price.quotePriceE18 });
    }
    this.#scheduleExpiry(after);
  }

  /** One token, by its row number, as of now. */
  token(index: number): TokenRecord {
    const stored = this.#storage.reports.token(index);
    const nowNs = this.#runtime.time();
    if (stored !== undefined && !this.#isOutdated(stored, nowNs)) return stored;
    const computed = this.#compute(nowNs);
    const report = present(computed.tokens[index], 'a configured token is missing');
    return { evaluatedAtNs: nowNs, report, sourcesHash: this.#hashOf(report, computed) };
  }

  /** Everything, as of now: ages and reasons are those of this moment. */
  evaluation(): Evaluation {
    return this.#compute(this.#runtime.time());
  }

  #isOutdated({ evaluatedAtNs, report }: TokenRecord, nowNs: TimestampNs): boolean {
    if (this.#storage.reports.isOutdated()) return true;
    if (nowNs - evaluatedAtNs > EVALUATION_AGE_MAX_NS) return true;
    return currentPrice(report.price, nowNs) !== report.price;
  }

  #stored(): Evaluation | undefined {
    const { sources, tokens } = this.#storage.config.config();
    return this.#storage.reports.evaluation({ sources: sources.length, tokens: tokens.length });
  }

  #compute(nowNs: TimestampNs): Evaluation {
    return evaluate({
      config: this.#storage.config.config(),
      nowNs,
      memoryOf: (id) => this.#storage.samples.memoryOf(id),
      lastGoodAtNs: (ledger) => this.#lastGoodAtNs(ledger),
    });
  }

  #lastGoodAtNs(ledger: Principal): TimestampNs | undefined {
    const row = this.#storage.config.token(ledger);
    const price = row && this.#storage.reports.token(row.index)?.report.price;
    if (price === undefined) return undefined;
    return price.kind === 'priced' ? price.atNs : price.lastGoodAtNs;
  }

  #hashOf({ ledger, price }: TokenReport, { sources }: Evaluation): Uint8Array {
    const row = this.#storage.config.token(ledger);
    if (row === undefined || price.kind === 'no-price') return NO_HASH;
    return sha256(sourcesDigestInput({ token: row.pricing.token, price, sources }));
  }

  /** A source that falls silent must not take a price with it while others still carry it. */
  #scheduleExpiry({ atNs, tokens }: Evaluation): void {
    const expiries = tokens.flatMap(({ price }) =>
      price.kind === 'priced' ? [price.expiresAtNs] : [],
    );
    const [first, ...others] = expiries;
    if (first === undefined) return;
    const earliest = others.reduce((left, right) => (right < left ? right : left), first);
    const waitNs = earliest - atNs;
    if (waitNs < 0n || waitNs > EVALUATION_AGE_MAX_NS) return;
    this.scheduleUpdate(Number(waitNs / NS_PER_SECOND) + 1);
  }
}
