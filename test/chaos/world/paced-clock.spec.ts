import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PacedClock } from './paced-clock.ts';

let realMs: number;
let clock: PacedClock;

beforeEach(() => {
  realMs = 5_000;
  clock = new PacedClock(() => realMs);
});

afterEach(() => clock.close());

describe('PacedClock', () => {
  it('is the wall clock before it is paced', () => {
    realMs += 90_000;
    expect(clock.nowMs()).toBe(realMs);
    clock.pace();
    expect(clock.nowMs()).toBe(realMs);
  });

  it('is the wall clock while it is looked at', () => {
    clock.pace();
    for (const passedMs of [0, 1, 400, 1_000]) {
      realMs += passedMs;
      expect(clock.nowMs()).toBe(realMs);
    }
    expect(clock.stoodStillMs).toBe(0);
  });

  it('stands still when nobody looked for more than a second, and stays behind', () => {
    clock.pace();
    realMs += 9_000;
    expect(clock.nowMs()).toBe(6_000);
    realMs += 300;
    expect(clock.nowMs()).toBe(6_300);
    expect(clock.stoodStillMs).toBe(8_000);
  });

  it('is behind by 20 s at most', () => {
    clock.pace();
    for (let count = 0; count < 5; count += 1) {
      realMs += 9_000;
      clock.nowMs();
    }
    expect(clock.nowMs()).toBe(realMs - 20_000);
  });
});
