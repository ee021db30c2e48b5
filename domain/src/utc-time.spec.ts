import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, isoTime, localTime } from './utc-time.ts';

const SECOND = 1_000_000_000n;
const seconds = fc.bigInt({ min: 0n, max: 2n ** 64n / SECOND - 1n });

describe('isoTime', () => {
  it('writes every second that fits 64 bits as the calendar does', () => {
    fc.assert(
      fc.property(seconds, fc.bigInt({ min: 0n, max: SECOND - 1n }), (whole, rest) => {
        const expected = new Date(Number(whole) * 1_000).toISOString().replace('.000Z', 'Z');
        expect(isoTime(whole * SECOND + rest)).toBe(expected);
      }),
    );
  });

  it('knows every day that fits 64 bits', () => {
    const wrong: string[] = [];
    for (let day = 0n; day * 86_400n * SECOND < 2n ** 64n; day += 1n) {
      const expected = new Date(Number(day) * 86_400_000).toISOString().replace('.000Z', 'Z');
      if (isoTime(day * 86_400n * SECOND) !== expected) wrong.push(expected);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    [0n, '1970-01-01T00:00:00Z'],
    [951_782_400n, '2000-02-29T00:00:00Z'],
    [4_107_542_399n, '2100-02-28T23:59:59Z'],
    [4_107_542_400n, '2100-03-01T00:00:00Z'],
  ])('knows leap days: %s', (at, text) => {
    expect(isoTime(at * SECOND)).toBe(text);
  });
});

describe('localTime', () => {
  it('moves the clock by the offset and names it', () => {
    const noon = 1_795_435_445n * SECOND;
    expect(localTime(noon, 0)).toBe('2026-11-23 12:04:05 +00:00');
    expect(localTime(noon, -210)).toBe('2026-11-23 08:34:05 -03:30');
    expect(localTime(noon, 840)).toBe('2026-11-24 02:04:05 +14:00');
  });

  it('takes an offset that no place has for UTC', () => {
    expect(localTime(0n, 32_767)).toBe('1970-01-01 00:00:00 +00:00');
    expect(localTime(0n, -721)).toBe('1970-01-01 00:00:00 +00:00');
    expect(localTime(0n, -720)).toBe('1969-12-31 12:00:00 -12:00');
  });
});

describe('durationText', () => {
  it.each([
    [0n, '0 seconds'],
    [1n, '1 second'],
    [3_600n, '1 hour'],
    [5_400n, '1 hour 30 minutes'],
    [2_592_000n, '30 days'],
    [90_061n, '1 day 1 hour 1 minute 1 second'],
  ])('%s seconds', (length, text) => {
    expect(durationText(length * SECOND)).toBe(text);
  });
});
