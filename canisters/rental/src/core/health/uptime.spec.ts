import { describe, expect, it } from 'vitest';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { NO_SLOTS, unknownDay } from './slots.ts';
import { allowedDowntime, countDay, uptimeOf } from './uptime.ts';

describe('uptimeOf', () => {
  it('leaves out what is excluded or unknown', () => {
    const counts = { up: 2, down: 1, excluded: 100, unknown: 100 };
    expect(uptimeOf(counts)).toEqual({ ppm: 666_667, counts });
  });

  it('is nothing without anything known', () => {
    expect(uptimeOf({ ...NO_SLOTS, unknown: 5 }).ppm).toBeUndefined();
  });
});

describe('countDay', () => {
  it('counts the part of the day that lies in the range', () => {
    const slots = unknownDay().fill(0b01010101, 0, 3).fill(0, 69);
    const day = { number: 2, slots };
    const base = 2 * 288;
    expect(countDay(day, { from: base, to: base + 288 })).toEqual({
      up: 12,
      down: 12,
      excluded: 0,
      unknown: 264,
    });
    expect(countDay(day, { from: base + 5, to: base + 277 })).toEqual({
      up: 1,
      down: 7,
      excluded: 0,
      unknown: 264,
    });
  });
});

describe('allowedDowntime', () => {
  const termNs = durationNs({ days: 30 });

  it.each([
    [0, durationNs({ minutes: 432 })],
    [86, durationNs({ minutes: 2 })],
    [87, 0n],
  ])('after %i slots of a month with 99 %% leaves %s', (downSlots, left) => {
    expect(allowedDowntime({ termNs, downSlots, belowPpm: 990_000 })).toBe(left);
  });

  it('is not promised without an SLA', () => {
    expect(allowedDowntime({ termNs, downSlots: 0, belowPpm: undefined })).toBeUndefined();
  });
});
