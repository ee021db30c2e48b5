import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { evaluate } from '../src/core/pricing/evaluate.ts';
import type {
  Evaluation,
  PricedToken,
  SourceMemory,
  SourceReport,
  TokenReport,
} from '../src/core/pricing/report.ts';
import type { PricingConfig } from '../src/core/pricing/token-pricing.ts';
import { CLEAR, nextQuarantine } from '../src/core/samples/quarantine.ts';
import { appendSample, RING_CAPACITY } from '../src/core/samples/ring.ts';
import type { SamplePoint } from '../src/core/samples/sample.ts';
import { isSameLedger } from '../src/core/sources/origin-assets.ts';
import type { TokenAsset } from '../src/core/sources/price-source.ts';
import type { RatioE18, SourceId } from '../src/core/units.ts';
import { CONFIG, SOURCE, SOURCE_NAMES, idOf, type SourceName } from './price-graph.ts';

export const START_NS = timestampNs(1_795_000_000_000_000_000n);
export const TICK_NS = durationNs({ minutes: 5 });

/** What a source would answer now. */
export interface Answer {
  readonly ratioE18: RatioE18;
  readonly depthUnits: TokenUnits | undefined;
}

export const ratio = (value: number): RatioE18 => BigInt(Math.round(value * 1e18)) as RatioE18;

const answer = (value: number, depthUnits?: bigint): Answer => ({
  ratioE18: ratio(value),
  depthUnits: depthUnits as TokenUnits | undefined,
});

/** ICP at $5, DCT at 2 cents; each DCT pool is ten thousand dollars deep. */
export const CALM: Readonly<Record<SourceName, Answer>> = {
  icpByRate: answer(5),
  icpByPool: answer(5, 400_000_000_000n),
  icpByBook: answer(5, 20_000_000_000n),
  usdcByRate: answer(1),
  usdtByRate: answer(1),
  icpInXdr: answer(3.66),
  xdrByRate: answer(1.366),
  dctByIcpPool: answer(0.004, 200_000_000_000n),
  dctByUsdcPool: answer(0.02, 10_000_000_000n),
  dctByKong: answer(0.02, 10_000_000_000n),
};

/** Plays the timer: every five minutes each source that answers gives one sample. */
export class Market {
  config: PricingConfig = CONFIG;
  nowNs: TimestampNs = START_NS;
  readonly answers: Record<SourceName, Answer> = { ...CALM };
  readonly silent = new Set<SourceName>();
  readonly memory = new Map<SourceId, SourceMemory>();

  /** A market after so many ticks in which nothing happened. */
  static calm(ticks = 288): Market {
    const market = new Market();
    market.stand(ticks);
    return market;
  }

  /** What `run` does while nothing moves, without judging the same sample again and again. */
  stand(ticks: number): void {
    const startNs = this.nowNs;
    this.tick();
    for (const [id, { samples, quarantine }] of this.memory) {
      const [first] = samples;
      if (first === undefined || samples.length > 1) throw new Error('this market has moved');
      const later = Array.from({ length: ticks }, (_, tick) => {
        return { ...first, atNs: timestampNs(startNs + TICK_NS * BigInt(tick + 1)) };
      });
      this.memory.set(id, { samples: later.slice(-RING_CAPACITY), quarantine });
    }
    this.nowNs = timestampNs(startNs + TICK_NS * BigInt(ticks));
  }

  run(ticks: number): void {
    for (let tick = 0; tick < ticks; tick += 1) this.tick();
  }

  tick(): void {
    this.nowNs = timestampNs(this.nowNs + TICK_NS);
    for (const name of SOURCE_NAMES) {
      const row = present(
        this.config.sources.find(({ id }) => id === idOf(name)),
        'every source of the table is configured',
      );
      if (!this.silent.has(name) && row.source.isEnabled) this.#sample(name);
    }
  }

  /** Multiplies what a source answers from now on. */
  move(name: SourceName, factor: number): void {
    const { ratioE18, depthUnits } = CALM[name];
    const scaled = (ratioE18 * BigInt(Math.round(factor * 1e9))) / 1_000_000_000n;
    this.answers[name] = { ratioE18: scaled as RatioE18, depthUnits };
  }

  evaluate(lastGoodAtNs?: TimestampNs): Evaluation {
    const { config, nowNs } = this;
    return evaluate({
      config,
      nowNs,
      memoryOf: (id) => this.memory.get(id) ?? { samples: [], quarantine: CLEAR },
      lastGoodAtNs: () => lastGoodAtNs,
    });
  }

  #sample(name: SourceName): void {
    const id = idOf(name);
    const { samples, quarantine } = this.memory.get(id) ?? { samples: [], quarantine: CLEAR };
    const sample: SamplePoint = { atNs: this.nowNs, ...this.answers[name] };
    const grown = appendSample(samples, sample);
    if (grown.kind === 'err') throw new Error('the timer is faster than the gap');
    this.memory.set(id, {
      samples: grown.value,
      quarantine: nextQuarantine({ quarantine, earlier: samples, sample }),
    });
  }
}

export function tokenIn({ tokens }: Evaluation, token: TokenAsset): TokenReport {
  const ledger: Principal = token.ledger;
  return present(
    tokens.find((one) => isSameLedger(one.ledger, ledger)),
    'the token is configured',
  );
}

/** The price, where the test is wrong if there is none. */
export function pricedIn(evaluation: Evaluation, token: TokenAsset): PricedToken {
  const { price } = tokenIn(evaluation, token);
  if (price.kind === 'no-price') throw new Error(`no price: ${price.reason.kind}`);
  return price;
}

export function sourceIn({ sources }: Evaluation, name: SourceName): SourceReport {
  return present(
    sources.find(({ id }) => id === SOURCE[name]),
    'the source is configured',
  );
}
