import { describe, expect, it } from 'vitest';
import { after, durationNs, elapsed, timestampNs } from './time.ts';

describe('durationNs', () => {
  it('adds its parts', () => {
    expect(durationNs({ hours: 1, minutes: 30 })).toBe(5_400_000_000_000n);
    expect(durationNs({ days: 1, seconds: 1 })).toBe(86_401_000_000_000n);
    expect(durationNs({})).toBe(0n);
  });

  it.each([{ seconds: -1 }, { seconds: 0.5 }, { days: Number.NaN }, { days: 2 ** 53 }])(
    'refuses %j',
    (parts) => {
      expect(() => durationNs(parts)).toThrow('BUG');
    },
  );
});

describe('timestampNs', () => {
  it('keeps to 64 bits', () => {
    expect(timestampNs(2n ** 64n - 1n)).toBe(2n ** 64n - 1n);
    expect(() => timestampNs(2n ** 64n)).toThrow('BUG');
    expect(() => timestampNs(-1n)).toThrow('BUG');
  });
});

describe('elapsed and after', () => {
  const start = timestampNs(1_000n);

  it('are inverse', () => {
    expect(elapsed(start, after(start, durationNs({ seconds: 5 })))).toBe(5_000_000_000n);
  });

  it('never give a negative duration', () => {
    expect(elapsed(start, timestampNs(999n))).toBe(0n);
  });
});
