import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import type {
  Evaluation,
  NoPriceReason,
  RouteRejection,
  SourceRejection,
} from '../core/pricing/report.ts';
import type { SourceId } from '../core/units.ts';
import { Market } from '../../test/market.ts';
import { CONFIG, ICP } from '../../test/price-graph.ts';
import { ReportStore } from './report-store.ts';

const configured = { sources: CONFIG.sources.length, tokens: CONFIG.tokens.length };
const HASH = new Uint8Array(32).fill(7);
const source = 1 as SourceId;
const { ledger } = ICP;
const deviationBps = 123;

const sourceRejections: readonly SourceRejection[] = [
  { kind: 'disabled' },
  { kind: 'no-samples' },
  { kind: 'stale', ageSeconds: 901n },
  { kind: 'too-few-samples', inHour: 5 },
  { kind: 'quarantined', inBandCount: 2 },
  { kind: 'off-day-median', deviationBps },
  { kind: 'off-hour-median', deviationBps },
  { kind: 'depth-unknown' },
  { kind: 'too-shallow', depthUsdE8: 1n as UsdE8 },
];
const routeRejections: readonly RouteRejection[] = [
  { kind: 'source-rejected', source },
  { kind: 'quote-token-without-price', ledger },
  { kind: 'quote-token-off-peg', ledger },
  { kind: 'differs-from-exchange-rate', deviationBps },
  { kind: 'not-a-price' },
  { kind: 'dollar-not-confirmed', ledger },
];
const noPriceReasons: readonly NoPriceReason[] = [
  { kind: 'no-valid-route' },
  { kind: 'only-route-not-primary' },
  { kind: 'only-route-not-backed' },
  { kind: 'routes-disagree', deviationBps },
  { kind: 'exchange-rate-disagrees', deviationBps },
  { kind: 'outside-xdr-band', deviationBps },
  { kind: 'off-peg', deviationBps },
  { kind: 'not-computed' },
  { kind: 'expired' },
];

function keptAcrossUpgrade(evaluation: Evaluation): Evaluation | undefined {
  const memory = new MemoryStableStore();
  new ReportStore(memory).save(evaluation, () => HASH);
  return new ReportStore(memory).evaluation(configured);
}

/** Codecs leave out what is undefined; `toEqual` sees no difference. */
describe('ReportStore', () => {
  it('gives back an evaluation as it was: prices, windows, exposure, sources', () => {
    const evaluation = Market.calm(20).evaluate();
    expect(evaluation.tokens.some(({ price }) => price.kind === 'priced')).toBe(true);
    expect(keptAcrossUpgrade(evaluation)).toEqual(evaluation);
  });

  it('keeps every reason that there is', () => {
    const { atNs, sources, tokens } = Market.calm(20).evaluate();
    for (const reason of sourceRejections) {
      const rejected = sources.map((one) => ({
        ...one,
        health: { kind: 'rejected', reason } as const,
      }));
      const evaluation = { atNs, sources: rejected, tokens };
      expect(keptAcrossUpgrade(evaluation)).toEqual(evaluation);
    }
    for (const reason of routeRejections) {
      const routes = [{ kind: 'rejected', reason } as const];
      const evaluation = { atNs, sources, tokens: tokens.map((one) => ({ ...one, routes })) };
      expect(keptAcrossUpgrade(evaluation)).toEqual(evaluation);
    }
    for (const reason of noPriceReasons) {
      const price = { kind: 'no-price', reason, lastGoodAtNs: atNs } as const;
      const evaluation = { atNs, sources, tokens: tokens.map((one) => ({ ...one, price })) };
      expect(keptAcrossUpgrade(evaluation)).toEqual(evaluation);
    }
  });

  it('is out of date until the first evaluation, and after a change of the configuration', () => {
    const memory = new MemoryStableStore();
    const store = new ReportStore(memory);
    expect(store.isOutdated()).toBe(true);
    expect(store.evaluation(configured)).toBeUndefined();
    store.save(Market.calm(20).evaluate(), () => HASH);
    expect(new ReportStore(memory).isOutdated()).toBe(false);
    store.markOutdated();
    expect(new ReportStore(memory).isOutdated()).toBe(true);
    expect(new ReportStore(memory).token(0)?.sourcesHash).toEqual(HASH);
  });

  it('knows fewer tokens than are configured after one was added', () => {
    const memory = new MemoryStableStore();
    const store = new ReportStore(memory);
    store.save(Market.calm(20).evaluate(), () => HASH);
    const more = { sources: configured.sources + 2, tokens: configured.tokens + 1 };
    expect(store.evaluation(more)?.tokens).toHaveLength(configured.tokens);
    expect(store.token(configured.tokens)).toBeUndefined();
  });
});
