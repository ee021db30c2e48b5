import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { CK_USDC, CK_USDT, CONFIG, DCT, ICP, SOURCE_NAMES } from '../../../test/price-graph.ts';
import { idOf, type SourceName } from '../../../test/price-graph.ts';
import { CALM, START_NS, tokenIn } from '../../../test/market.ts';
import { CLEAR, nextQuarantine } from '../samples/quarantine.ts';
import { appendSample } from '../samples/ring.ts';
import type { SamplePoint } from '../samples/sample.ts';
import type { RatioE18, SourceId } from '../units.ts';
import { evaluate } from './evaluate.ts';
import { healthChanges } from './health-changes.ts';
import type { Evaluation, SourceMemory } from './report.ts';
import { sourcesDigestInput } from './sources-digest.ts';
import type { PricingConfig } from './token-pricing.ts';

const TOKENS = [DCT, ICP, CK_USDC, CK_USDT];
const MINUTE_NS = 60_000_000_000n;

/** How a source behaves: steps of (minutes since the last one, thousandths of the calm price). */
interface Step {
  readonly minutes: number;
  readonly permille: number;
}

const calmStep = fc.record({
  minutes: fc.integer({ min: 3, max: 7 }),
  permille: fc.integer({ min: 985, max: 1_015 }),
});
const wildStep = fc.record({
  minutes: fc.integer({ min: 0, max: 40 }),
  permille: fc.integer({ min: 300, max: 3_000 }),
});
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.array(calmStep, { minLength: 18, maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: calmStep }, wildStep), { maxLength: 60 }),
  },
);
const behaviour = fc.record(
  Object.fromEntries(SOURCE_NAMES.map((name) => [name, steps])) as Record<SourceName, typeof steps>,
);

/** The newest step of each source ends now, so that their ages differ by what they skipped. */
function memoryOf(name: SourceName, taken: readonly Step[], nowNs: bigint): SourceMemory {
  const { ratioE18, depthUnits } = CALM[name];
  const total = taken.reduce((sum, { minutes }) => sum + minutes, 0);
  let atNs = nowNs - BigInt(total) * MINUTE_NS;
  let memory: SourceMemory = { samples: [], quarantine: CLEAR };
  for (const { minutes, permille } of taken) {
    atNs += BigInt(minutes) * MINUTE_NS;
    const sample: SamplePoint = {
      atNs: timestampNs(atNs),
      ratioE18: ((ratioE18 * BigInt(permille)) / 1_000n) as RatioE18,
      depthUnits: depthUnits && depthUnits,
    };
    const grown = appendSample(memory.samples, sample);
    if (grown.kind === 'err') continue;
    const { samples: earlier, quarantine } = memory;
    memory = {
      samples: grown.value,
      quarantine: nextQuarantine({ quarantine, earlier, sample }),
    };
  }
  return memory;
}

type Behaviour = Readonly<Record<SourceName, readonly Step[]>>;

function run(taken: Behaviour, config: PricingConfig = CONFIG): Evaluation {
  const memories = new Map<SourceId, SourceMemory>(
    SOURCE_NAMES.map((name) => [idOf(name), memoryOf(name, taken[name], START_NS)]),
  );
  return evaluate({
    config,
    nowNs: START_NS,
    memoryOf: (id) => memories.get(id) ?? { samples: [], quarantine: CLEAR },
    lastGoodAtNs: () => undefined,
  });
}

describe('prices, however sources behave', () => {
  it('are made often enough in these cases to say something', () => {
    const cases = fc.sample(behaviour, { numRuns: 60, seed: 7 }).map((one) => run(one));
    for (const token of TOKENS) {
      const priced = cases.filter((one) => tokenIn(one, token).price.kind === 'priced');
      expect(priced.length).toBeGreaterThan(5);
    }
    const silent = cases.filter((one) => tokenIn(one, DCT).price.kind === 'no-price');
    expect(silent.length).toBeGreaterThan(0);
  });

  it('are never above 1.10 × the day, the hour or the newest', () => {
    fc.assert(
      fc.property(behaviour, (taken) => {
        for (const { price } of run(taken).tokens) {
          if (price.kind === 'no-price') continue;
          const { spot, medianHour, medianDay } = price.windows;
          expect(price.quotePriceE18 * 10n <= medianDay * 11n).toBe(true);
          expect(price.quotePriceE18 <= spot && price.quotePriceE18 <= medianHour).toBe(true);
          expect(price.quotePriceE18 > 0n).toBe(true);
        }
      }),
    );
  });

  it('lie between the lowest and the highest counted route', () => {
    fc.assert(
      fc.property(behaviour, (taken) => {
        for (const { price, routes } of run(taken).tokens) {
          if (price.kind === 'no-price') continue;
          const counted = routes.flatMap((one) => (one.kind === 'counted' ? [one.windows] : []));
          expect(counted.length).toBeGreaterThan(0);
          for (const window of ['spot', 'medianHour', 'medianDay'] as const) {
            const values = counted.map((windows) => windows[window]);
            expect(values.some((value) => value <= price.windows[window])).toBe(true);
            expect(values.some((value) => value >= price.windows[window])).toBe(true);
          }
        }
      }),
    );
  });

  it('never rest on a source that is stale, quarantined, disabled or short of samples', () => {
    fc.assert(
      fc.property(behaviour, (taken) => {
        const { sources, tokens } = run(taken);
        for (const { price } of tokens) {
          if (price.kind === 'no-price') continue;
          expect(price.expiresAtNs >= START_NS).toBe(true);
          for (const id of price.countedSources) {
            const source = sources.find((one) => one.id === id);
            expect(source?.health).toEqual({ kind: 'valid' });
            expect(source?.quarantine).toEqual(CLEAR);
            expect(source?.samplesInHour).toBeGreaterThanOrEqual(6);
            const ageNs = START_NS - (source?.newestAtNs ?? 0n);
            expect(ageNs <= 15n * MINUTE_NS).toBe(true);
          }
        }
      }),
    );
  });

  it('do not depend on the order of sources, routes or tokens', () => {
    fc.assert(
      fc.property(behaviour, fc.boolean(), (taken, isReversed) => {
        const plain = run(taken);
        const rotated = <T>(all: readonly T[]): T[] =>
          isReversed ? [...all].reverse() : [...all.slice(1), ...all.slice(0, 1)];
        const shuffled = run(taken, {
          sources: rotated(CONFIG.sources),
          tokens: rotated(CONFIG.tokens).map((one) => ({ ...one, routes: rotated(one.routes) })),
        });
        for (const token of TOKENS) {
          expect(tokenIn(shuffled, token).price).toEqual(tokenIn(plain, token).price);
        }
      }),
    );
  });

  it('do not change health without an event, nor make one twice', () => {
    fc.assert(
      fc.property(behaviour, behaviour, (first, second) => {
        const [before, after] = [run(first), run(second)];
        expect(healthChanges(after, after)).toEqual([]);
        const known = CONFIG.sources.length + CONFIG.tokens.length;
        expect(healthChanges(undefined, after).length).toBe(known);
        const named = healthChanges(before, after).flatMap((one) =>
          'source' in one ? [one.source] : [],
        );
        for (const { id, health } of after.sources) {
          const earlier = before.sources.find((one) => one.id === id)?.health;
          const nameOf = (one: typeof health) => (one.kind === 'valid' ? '' : one.reason.kind);
          const isChanged = earlier !== undefined && nameOf(earlier) !== nameOf(health);
          expect(named.includes(id)).toBe(isChanged);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have a digest that tells one set of source values from another', () => {
    fc.assert(
      fc.property(behaviour, (taken) => {
        const { sources, tokens } = run(taken);
        const price = tokens.find((one) => one.ledger === DCT.ledger)?.price;
        if (price?.kind !== 'priced') return;
        const bytes = sourcesDigestInput({ token: DCT, price, sources });
        expect(bytes.length).toBe(1 + 10 + 26 + 64 * price.countedSources.length);
        for (const id of price.countedSources) {
          const changed = sources.map((one) =>
            one.id === id && one.windows !== undefined
              ? { ...one, windows: { ...one.windows, medianHour: 1n as RatioE18 } }
              : one,
          );
          expect(sourcesDigestInput({ token: DCT, price, sources: changed })).not.toEqual(bytes);
        }
      }),
    );
  });
});
