import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock, Pauses, SYSTEM_CLOCK } from './cloud-clock.ts';

describe('ManualClock', () => {
  it('runs what falls due in order, each at its own time', () => {
    const clock = new ManualClock(1_000);
    const ran: (readonly [string, number])[] = [];
    const note = (name: string) => () => void ran.push([name, clock.nowMs()]);
    clock.at(1_020, note('later'));
    clock.at(1_010, () => {
      note('first')();
      clock.at(1_015, note('made by first'));
      clock.at(900, note('overdue'));
    });
    clock.at(1_020, note('later too'));
    clock.at(1_031, note('not yet'));
    const cancel = clock.at(1_012, note('called off'));
    cancel();
    clock.advance(30);
    expect(ran).toEqual([
      ['first', 1_010],
      ['overdue', 1_010],
      ['made by first', 1_015],
      ['later', 1_020],
      ['later too', 1_020],
    ]);
    expect(clock.nowMs()).toBe(1_030);
  });

  it('runs nothing before it is told', () => {
    const clock = new ManualClock(0);
    const run = vi.fn();
    clock.at(0, run);
    expect(run).not.toHaveBeenCalled();
    clock.advance(0);
    expect(run).toHaveBeenCalledOnce();
  });
});

describe('SYSTEM_CLOCK', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([0, 50, 2 ** 31 + 5])('runs %i ms later, not earlier and once', (delayMs) => {
    const run = vi.fn();
    SYSTEM_CLOCK.at(SYSTEM_CLOCK.nowMs() + delayMs, run);
    expect(run).not.toHaveBeenCalled();
    if (delayMs > 0) vi.advanceTimersByTime(delayMs - 1);
    if (delayMs > 0) expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind when called off, also after a long wait', () => {
    const cancel = SYSTEM_CLOCK.at(SYSTEM_CLOCK.nowMs() + 2 ** 32, () => undefined);
    vi.advanceTimersByTime(2 ** 31 + 5);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('Pauses', () => {
  it('end with time, or all at once', async () => {
    const clock = new ManualClock(0);
    const pauses = new Pauses(clock);
    const short = pauses.for(10);
    const long = pauses.for(1_000_000);
    clock.advance(10);
    await short;
    pauses.close();
    await long;
    expect(clock.nowMs()).toBe(10);
  });
});
