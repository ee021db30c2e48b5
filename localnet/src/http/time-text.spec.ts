import { describe, expect, it } from 'vitest';
import { timeText } from './time-text.ts';

describe('timeText', () => {
  it.each([
    [0n, '1970-01-01 00:00:00 UTC'],
    [1_746_143_718_005_285_297n, '2025-05-01 23:55:18.005285297 UTC'],
    [1_746_143_718_005_000_000n, '2025-05-01 23:55:18.005 UTC'],
    [1_746_143_718_000_001_000n, '2025-05-01 23:55:18.000001 UTC'],
    [18_446_744_073_709_551_615n, '2554-07-21 23:34:33.709551615 UTC'],
  ])('writes %s as %s', (timeNs, text) => {
    expect(timeText(timeNs)).toBe(text);
  });
});
