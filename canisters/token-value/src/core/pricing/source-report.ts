import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { lowerMedian } from '../samples/median.ts';
import { DAY_BAND_BPS } from '../samples/quarantine.ts';
import { samplesWithin } from '../samples/ring.ts';
import type { SamplePoint } from '../samples/sample.ts';
import { hasDepth } from '../sources/check-source.ts';
import { assetsOf } from '../sources/origin-assets.ts';
import { deviationBps, isWithin, valueUsdE8, type PriceE18, type RatioE18 } from '../units.ts';
import { PRICE_RULES } from './price-rules.ts';
import type {
  SourceHealth,
  SourceMemory,
  SourceRejection,
  SourceReport,
  Windows,
} from './report.ts';
import type { SourceRow } from './token-pricing.ts';

const NS_PER_SECOND = 1_000_000_000n;

interface SourceInput {
  readonly row: SourceRow;
  readonly memory: SourceMemory;
  readonly nowNs: TimestampNs;
  /** Dollars for a whole quote token; undefined where it has no price. Read for depth only. */
  readonly quotePriceE18: PriceE18 | undefined;
}

/** Judges one source by its own samples. */
export function reportSource(input: SourceInput): SourceReport {
  const { row, memory, nowNs } = input;
  const day = samplesWithin(memory.samples, { windowNs: PRICE_RULES.dayNs, nowNs });
  const hour = samplesWithin(day, { windowNs: PRICE_RULES.hourNs, nowNs });
  const newest = day.at(-1);
  const draft = {
    id: row.id,
    newestAtNs: newest?.atNs,
    samplesInHour: hour.length,
    windows: newest === undefined ? undefined : windowsOf({ newest, hour, day }),
    depthUsdE8: newest === undefined ? undefined : depthOf(input, [newest]),
    leastDepthUsdE8: depthOf(input, hour),
    quarantine: memory.quarantine,
  };
  return { ...draft, health: healthOf(input, draft) };
}

/** Without a sample in the last hour its median is the newest sample: it does not count anyway. */
function windowsOf(window: {
  readonly newest: SamplePoint;
  readonly hour: readonly SamplePoint[];
  readonly day: readonly SamplePoint[];
}): Windows<RatioE18> {
  const { newest, hour, day } = window;
  return {
    spot: newest.ratioE18,
    medianHour: lowerMedian((hour.length > 0 ? hour : [newest]).map(({ ratioE18 }) => ratioE18)),
    medianDay: lowerMedian(day.map(({ ratioE18 }) => ratioE18)),
  };
}

/** The least depth of some samples in dollars. */
function depthOf(input: SourceInput, samples: readonly SamplePoint[]): UsdE8 | undefined {
  const { row, quotePriceE18 } = input;
  const { quote } = assetsOf(row.source.origin);
  if (quotePriceE18 === undefined || quote.kind !== 'token') return undefined;
  let least: bigint | undefined;
  for (const { depthUnits } of samples) {
    if (depthUnits === undefined) return undefined;
    if (least === undefined || depthUnits < least) least = depthUnits;
  }
  if (least === undefined) return undefined;
  return valueUsdE8({ units: least, decimals: quote.decimals, priceE18: quotePriceE18 });
}

function healthOf(input: SourceInput, draft: Omit<SourceReport, 'health'>): SourceHealth {
  const reason = brokenRule(input, draft);
  return reason === undefined ? { kind: 'valid' } : { kind: 'rejected', reason };
}

/** The first broken rule, in the order of what an operator should look at first. */
function brokenRule(
  { row, memory, nowNs }: SourceInput,
  draft: Omit<SourceReport, 'health'>,
): SourceRejection | undefined {
  const { windows, newestAtNs, samplesInHour, depthUsdE8 } = draft;
  if (!row.source.isEnabled) return { kind: 'disabled' };
  if (windows === undefined || newestAtNs === undefined) return { kind: 'no-samples' };
  const ageNs = nowNs - newestAtNs;
  if (ageNs > PRICE_RULES.staleAfterNs) return { kind: 'stale', ageSeconds: ageNs / NS_PER_SECOND };
  if (samplesInHour < PRICE_RULES.samplesInHourMin) {
    return { kind: 'too-few-samples', inHour: samplesInHour };
  }
  if (memory.quarantine.kind === 'quarantined') {
    return { kind: 'quarantined', inBandCount: memory.quarantine.inBandCount };
  }
  const { spot, medianHour, medianDay } = windows;
  if (!isWithin(spot, medianDay, DAY_BAND_BPS)) {
    return { kind: 'off-day-median', deviationBps: deviationBps(spot, medianDay) };
  }
  if (!isWithin(spot, medianHour, PRICE_RULES.hourBandBps)) {
    return { kind: 'off-hour-median', deviationBps: deviationBps(spot, medianHour) };
  }
  if (!hasDepth(row.source.origin)) return undefined;
  if (depthUsdE8 === undefined) return { kind: 'depth-unknown' };
  const isDeep = depthUsdE8 >= row.source.minDepthUsdE8;
  return isDeep ? undefined : { kind: 'too-shallow', depthUsdE8 };
}
