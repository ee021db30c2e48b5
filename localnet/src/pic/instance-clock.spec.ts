import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InstanceClock } from './instance-clock.ts';

const WALL_MS = Date.UTC(2026, 0, 1);
const WALL_NS = BigInt(WALL_MS) * 1_000_000n;

describe('InstanceClock', () => {
  beforeEach(() => vi.useFakeTimers({ now: WALL_MS }));
  afterEach(() => vi.useRealTimers());

  it('catches up with the wall clock', () => {
    const clock = new InstanceClock();
    clock.startFrom(1_620_328_630_000_000_000n);
    expect(clock.nowNs()).toBe(WALL_NS);
  });

  it('goes on from a later time at the pace of the wall clock', () => {
    const clock = new InstanceClock();
    clock.startFrom(WALL_NS + 5n);
    vi.advanceTimersByTime(1_000);
    expect(clock.nowNs()).toBe(WALL_NS + 1_000_000_005n);
  });

  it('jumps when the time is set', () => {
    const clock = new InstanceClock();
    clock.startFrom(0n);
    clock.jumpTo(WALL_NS + 3_600n);
    vi.advanceTimersByTime(1);
    expect(clock.nowNs()).toBe(WALL_NS + 1_003_600n);
  });
});
