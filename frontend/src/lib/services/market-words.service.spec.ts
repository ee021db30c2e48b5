import { describe, expect, it } from 'vitest';
import { aboutText, rateAge } from './market-rate.service.ts';
import {
  countText,
  countryName,
  isStale,
  memoryText,
  priceWords,
  readyWords,
  successWords,
  trustWords,
} from './market-words.service.ts';

const MINUTE_MS = 60_000;

describe('priceWords', () => {
  it.each([
    ['month', '$7.40', '/mo'],
    ['day', '$0.25', '/day'],
    ['hour', '$0.0103', '/h'],
  ] as const)('shows a %s of 30 days', (per, price, suffix) => {
    expect(priceWords(740_000_000n, per)).toEqual({ price, per: suffix });
  });
});

describe('words about runs', () => {
  it('says nothing good of no runs', () => {
    const none = { runs: 0n, successes: 0n, p50_seconds: [] } as const;
    expect(successWords(none)).toBe('No runs yet');
    expect(readyWords({ ...none, p50_seconds: [] })).toBeUndefined();
    expect(trustWords([])).toBe('New seller');
  });

  it('says how many they are', () => {
    const runs = { runs: 15n, successes: 14n, p50_seconds: [125n] as [bigint] };
    expect(successWords(runs)).toBe('14 of 15 runs went well');
    expect(readyWords(runs)).toBe('Ready in 2 min 5 s · median of 14 runs');
    expect(readyWords({ ...runs, successes: 400n })).toContain('median of 100 runs');
  });

  it('never rounds trust up', () => {
    expect(trustWords([999])).toBe('Trust 99 of 100');
    expect(trustWords([0])).toBe('Trust 0 of 100');
  });
});

describe('small words', () => {
  it('knows sizes, places and counts', () => {
    expect([512, 1_536, 4_096].map(memoryText)).toEqual(['512 MB', '1.5 GB', '4 GB']);
    expect([countryName('DE'), countryName('?')]).toEqual(['Germany', '?']);
    expect([countText(1, false), countText(1, true), countText(20, true)]).toEqual([
      '1 offer',
      '1+ offers',
      '20+ offers',
    ]);
    expect([isStale(0, 15 * MINUTE_MS), isStale(0, 15 * MINUTE_MS + 1)]).toEqual([false, true]);
  });
});

describe('aboutText', () => {
  const rate = { symbol: 'ICP', decimals: 8, usdE8: 500_000_000n, atMs: 0 };

  it('says about how much it is', () => {
    expect(aboutText(740_000_000n, rate)).toBe('≈ 1.48 ICP');
    expect(aboutText(740_000_000n, { ...rate, usdE8: 0n })).toBe('no rate for ICP');
  });

  it.each([
    [30 * MINUTE_MS, 'fresh'],
    [30 * MINUTE_MS + 1, 'stale'],
    [6 * 60 * MINUTE_MS + 1, 'blocked'],
  ] as const)('after %i ms is %s', (nowMs, age) => {
    expect(rateAge(rate, nowMs)).toBe(age);
  });
});
