import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { TokenValue } from '../api/wire.ts';
import { historySpan, seriesOf, sourceHealth, tokenHealth } from './price-status.service.ts';

const NOW_MS = 1_800_000_000_000;
const NS_PER_MS = 1_000_000n;
const MINUTE_MS = 60_000;

function token(of: Partial<TokenValue.TokenStatus>): TokenValue.TokenStatus {
  return {
    token: Principal.anonymous(),
    symbol: 'ICP',
    usd_e8: [500_000_000n],
    no_price: [],
    last_good_at_ns: [BigInt(NOW_MS) * NS_PER_MS],
    expires_at_ns: [],
    exposure_cap_usd_e8: [],
    counted_sources: new BigUint64Array(),
    routes: [],
    xdr_check: [],
    ...of,
  };
}

function source(of: Partial<TokenValue.SourceStatus>): TokenValue.SourceStatus {
  return {
    id: 0n,
    label: 'a pool',
    kind: 'icpswap',
    is_enabled: true,
    is_valid: true,
    rejection: [],
    newest_sample_at_ns: [],
    age_seconds: [],
    samples_in_hour: 12,
    samples_kept: 12,
    windows: [],
    depth_usd_e8: [],
    least_depth_usd_e8: [],
    quarantined_since_ns: [],
    asked_at_ns: [],
    last_failure: [],
    hanging_since_ns: [],
    ...of,
  };
}

describe('tokenHealth', () => {
  it.each([
    { desc: 'a fresh price', of: {}, label: 'priced' },
    { desc: 'none', of: { usd_e8: [] as [] }, label: 'no price' },
    {
      desc: 'one of 31 minutes ago',
      of: { last_good_at_ns: [BigInt(NOW_MS - 31 * MINUTE_MS) * NS_PER_MS] as [bigint] },
      label: 'old price',
    },
  ])('says "$label" of $desc', ({ of, label }) => {
    expect(tokenHealth(token(of), NOW_MS).label).toBe(label);
  });
});

describe('sourceHealth', () => {
  it.each([
    { of: {}, label: 'counts' },
    { of: { is_enabled: false, is_valid: false }, label: 'switched off' },
    { of: { is_valid: false }, label: 'does not count' },
    { of: { hanging_since_ns: [1n] as [bigint] }, label: 'does not answer' },
  ])('says "$label"', ({ of, label }) => {
    expect(sourceHealth(source(of)).label).toBe(label);
  });
});

describe('historySpan', () => {
  it.each(['day', 'week', 'month'] as const)('asks for at most 500 steps of a %s', (span) => {
    const { fromNs, toNs, stepNs } = historySpan(span, 10n ** 18n);
    expect((toNs - fromNs) / stepNs).toBeLessThanOrEqual(500n);
  });
});

describe('seriesOf', () => {
  const step = (from: bigint): TokenValue.PriceStep => ({
    from_ns: from * 1_000_000_000n,
    low_usd_e8: 100_000_000n,
    high_usd_e8: 300_000_000n,
    last_usd_e8: 200_000_000n,
  });

  it('leaves a gap where a step has no price', () => {
    const series = seriesOf([step(0n), step(10n), step(40n)], 10_000_000_000n);
    expect(series.x).toEqual([0, 10, 20, 40]);
    expect(series.y).toEqual([2, 2, null, 2]);
    expect(series.low).toEqual([1, 1, null, 1]);
    expect(series.high).toEqual([3, 3, null, 3]);
  });
});
