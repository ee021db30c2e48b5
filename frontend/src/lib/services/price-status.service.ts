import type { TokenValue } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';

const MINUTE_MS = 60_000;
/** From then on a price is called old. */
const STALE_AFTER_MS = 30 * MINUTE_MS;

export interface Health {
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly label: string;
}

/** Whether a token can be paid with now, and why not. */
export function tokenHealth(token: TokenValue.TokenStatus, nowMs: number): Health {
  if (token.usd_e8.length === 0) return { tone: 'bad', label: 'no price' };
  const [lastGoodAtNs] = token.last_good_at_ns;
  if (lastGoodAtNs !== undefined && nowMs - msOfNs(lastGoodAtNs) > STALE_AFTER_MS) {
    return { tone: 'warn', label: 'old price' };
  }
  return { tone: 'good', label: 'priced' };
}

/** Whether a source counts, and why not. */
export function sourceHealth(source: TokenValue.SourceStatus): Health {
  if (!source.is_enabled) return { tone: 'plain', label: 'switched off' };
  if (source.hanging_since_ns.length > 0) return { tone: 'warn', label: 'does not answer' };
  if (source.is_valid) return { tone: 'good', label: 'counts' };
  return { tone: 'warn', label: 'does not count' };
}

/** How old a source's newest answer is, in words. */
export function sourceAgeText(source: TokenValue.SourceStatus): string {
  const [seconds] = source.age_seconds;
  return seconds === undefined ? 'never answered' : `${durationText(Number(seconds))} old`;
}

/** Those that should count but do not: to be named where prices are shown. */
export function silentSources(status: TokenValue.PriceStatus): readonly TokenValue.SourceStatus[] {
  return status.sources.filter((source) => source.is_enabled && !source.is_valid);
}

export type Span = 'day' | 'week' | 'month';

const HOUR_NS = 3_600_000_000_000n;
const SPANS: Readonly<Record<Span, { readonly lengthNs: bigint; readonly stepNs: bigint }>> = {
  day: { lengthNs: 24n * HOUR_NS, stepNs: HOUR_NS / 12n },
  week: { lengthNs: 168n * HOUR_NS, stepNs: HOUR_NS / 2n },
  month: { lengthNs: 720n * HOUR_NS, stepNs: 2n * HOUR_NS },
};

/** What to ask for, to show a span that ends now: at most 500 steps. */
export function historySpan(
  span: Span,
  nowNs: bigint,
): { readonly fromNs: bigint; readonly toNs: bigint; readonly stepNs: bigint } {
  const { lengthNs, stepNs } = SPANS[span];
  return { fromNs: nowNs - lengthNs, toNs: nowNs, stepNs };
}

export interface PriceSeries {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

const E8 = 1e8;
const NS_PER_SECOND = 1_000_000_000n;

/** For a chart: dollars over seconds, with a gap wherever a step has no price. */
export function seriesOf(steps: readonly TokenValue.PriceStep[], stepNs: bigint): PriceSeries {
  const x: number[] = [];
  const rows: (TokenValue.PriceStep | null)[] = [];
  let before: bigint | undefined;
  for (const step of steps) {
    if (before !== undefined && step.from_ns - before > stepNs) {
      x.push(Number((before + stepNs) / NS_PER_SECOND));
      rows.push(null);
    }
    x.push(Number(step.from_ns / NS_PER_SECOND));
    rows.push(step);
    before = step.from_ns;
  }
  const column = (pick: (row: TokenValue.PriceStep) => bigint): (number | null)[] =>
    rows.map((row) => (row === null ? null : Number(pick(row)) / E8));
  return {
    x,
    y: column((row) => row.last_usd_e8),
    low: column((row) => row.low_usd_e8),
    high: column((row) => row.high_usd_e8),
  };
}
