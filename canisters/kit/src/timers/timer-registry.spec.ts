import { describe, expect, it } from 'vitest';
import { FakeTimers } from '../testing/runtime.fake.ts';
import { armTimers } from './timer-registry.ts';

describe('armTimers', () => {
  it('arms every task with its period', () => {
    const timers = new FakeTimers();
    armTimers(timers, [
      { name: 'a', everySeconds: 5, run: () => undefined },
      { name: 'b', everySeconds: 60, run: () => undefined },
    ]);
    expect(timers.intervals.map(({ everySeconds }) => everySeconds)).toEqual([5, 60]);
  });

  it('skips a run while the last one still waits, and goes on after a failure', async () => {
    const timers = new FakeTimers();
    let starts = 0;
    let end: (error?: Error) => void = () => undefined;
    const run = () => {
      starts += 1;
      return new Promise<void>((resolve, reject) => {
        end = (error) => (error === undefined ? resolve() : reject(error));
      });
    };
    armTimers(timers, [{ name: 'a', everySeconds: 1, run }]);
    const fire = () => Promise.resolve(timers.intervals[0]?.run());
    const first = fire();
    await fire();
    expect(starts).toBe(1);
    end(new Error('trap'));
    await expect(first).rejects.toThrow('trap');
    const second = fire();
    expect(starts).toBe(2);
    end();
    await second;
  });

  it('refuses two tasks of one name and a period that is no whole number of seconds', () => {
    const task = { name: 'a', everySeconds: 1, run: () => undefined };
    expect(() => armTimers(new FakeTimers(), [task, task])).toThrow('one name');
    for (const everySeconds of [0, -1, 0.5]) {
      expect(() => armTimers(new FakeTimers(), [{ ...task, everySeconds }])).toThrow('period');
    }
  });
});
