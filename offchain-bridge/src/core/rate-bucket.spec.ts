import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrected, fullBucket, refused, taken, waitMs, type RateBucket } from './rate-bucket.ts';

const HOUR_MS = 3_600_000;

function drained(bucket: RateBucket, nowMs: number): RateBucket {
  let rest = bucket;
  while (waitMs(rest, nowMs) === 0) rest = taken(rest, nowMs);
  return rest;
}

describe('rate bucket', () => {
  it('lets as many go at once as the limit says, then one per refill', () => {
    const empty = drained(fullBucket(3_600, 0), 0);
    expect(waitMs(empty, 0)).toBe(1_000);
    expect(waitMs(empty, 999)).toBe(1);
    expect(waitMs(empty, 1_000)).toBe(0);
    expect(waitMs(taken(empty, 1_000), 1_000)).toBe(1_000);
  });

  it('never holds more than the limit', () => {
    const bucket = taken(fullBucket(10, 0), 0);
    let count = 0;
    let rest = bucket;
    for (; waitMs(rest, HOUR_MS) === 0; count += 1) rest = taken(rest, HOUR_MS);
    expect(count).toBe(10);
  });

  it('believes the cloud, less what the cloud may not have counted', () => {
    const reading = { limit: 3_600, remaining: 5, fullInSeconds: 3_595 };
    const bucket = corrected(fullBucket(3_600, 0), reading, { nowMs: 0, unseen: 3 });
    expect(bucket.tokens).toBe(2);
    expect(bucket.perSecond).toBe(1);
  });

  it('learns how fast the limit refills, within reason', () => {
    const at = { nowMs: 0, unseen: 0 };
    const bucket = fullBucket(3_600, 0);
    const told = { limit: 100, remaining: 0, fullInSeconds: 10 };
    expect(corrected(bucket, told, at).perSecond).toBe(10);
    const untold = { limit: 7_200, remaining: 0, fullInSeconds: undefined };
    expect(corrected(bucket, untold, at).perSecond).toBe(2);
    const absurd = { limit: 3_600, remaining: 3_599, fullInSeconds: 1e9 };
    expect(corrected(bucket, absurd, at).perSecond).toBe(1);
  });

  it('waits after a refusal, longer after each, and lets one try then', () => {
    let bucket = fullBucket(3_600, 0);
    let nowMs = 0;
    const waits: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      bucket = refused(bucket, undefined, { nowMs, random: 0 });
      const wait = waitMs(bucket, nowMs);
      waits.push(wait);
      nowMs += wait;
      expect(waitMs(bucket, nowMs)).toBe(0);
      bucket = taken(bucket, nowMs);
      expect(waitMs(bucket, nowMs)).toBeGreaterThan(0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000]);
  });

  it('counts refusals of one moment once, and spreads those of several bridges', () => {
    const once = refused(fullBucket(3_600, 0), undefined, { nowMs: 0, random: 0 });
    expect(refused(once, undefined, { nowMs: 10, random: 0.9 })).toEqual(once);
    const other = refused(fullBucket(3_600, 0), undefined, { nowMs: 0, random: 0.9 });
    expect(waitMs(other, 0)).toBe(1_450);
  });

  it('starts with short waits again after an answer', () => {
    let bucket = refused(fullBucket(3_600, 0), undefined, { nowMs: 0, random: 0 });
    bucket = refused(bucket, undefined, { nowMs: 1_000, random: 0 });
    const reading = { limit: 3_600, remaining: 100, fullInSeconds: 3_500 };
    bucket = corrected(bucket, reading, { nowMs: 3_000, unseen: 0 });
    expect(waitMs(bucket, 3_000)).toBe(0);
    bucket = refused(bucket, undefined, { nowMs: 3_000, random: 0 });
    expect(waitMs(bucket, 3_000)).toBe(1_000);
  });

  it('allows no window of time more than the limit and the refill', () => {
    const pauses = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), pauses, (limit, steps) => {
        let bucket = fullBucket(limit, 0);
        let nowMs = 0;
        const sentAt: number[] = [];
        for (const stepMs of steps) {
          nowMs += stepMs;
          while (waitMs(bucket, nowMs) === 0) {
            bucket = taken(bucket, nowMs);
            sentAt.push(nowMs);
          }
        }
        for (const [first, fromMs] of sentAt.entries()) {
          for (const [last, toMs] of sentAt.entries()) {
            const refill = ((toMs - fromMs) / HOUR_MS) * limit;
            if (last >= first && last - first + 1 > limit + refill + 1e-6) return false;
          }
        }
        return true;
      }),
    );
  });
});
