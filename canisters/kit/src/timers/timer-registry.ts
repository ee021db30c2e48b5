import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Timers } from './timers.port.ts';

/** Work that a canister does on its own. */
export interface TimerTask {
  readonly name: string;
  readonly everySeconds: number;
  readonly run: () => void | Promise<void>;
}

/**
 * Arms every task. Called at init and again after each upgrade, which loses all timers. A task whose
 * last run still waits for an answer is not started again; a run that traps does not stop the next.
 */
export function armTimers(timers: Timers, tasks: readonly TimerTask[]): void {
  const names = new Set(tasks.map((task) => task.name));
  invariant(names.size === tasks.length, 'two timer tasks have one name');
  for (const task of tasks) {
    invariant(Number.isInteger(task.everySeconds) && task.everySeconds > 0, `${task.name}: period`);
    timers.every({ everySeconds: task.everySeconds, run: withoutOverlap(task) });
  }
}

/** The mark is released in `finally`, which also runs when the code after an await traps. */
function withoutOverlap(task: TimerTask): () => Promise<void> {
  let isRunning = false;
  return async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await task.run();
    } finally {
      isRunning = false;
    }
  };
}
