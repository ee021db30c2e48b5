import { setImmediate as turn } from 'node:timers/promises';
import type { LiveHost } from './live-host.ts';

const SECOND_NS = 1_000_000_000n;
/**
 * Timers that fall due within one step run together. A step is a fraction of what passes, but no less
 * than a block of the IC takes, and no more than canisters may be late: a month takes minutes.
 */
const STEPS = 500n;
const STEP_NS = { least: SECOND_NS, most: 300n * SECOND_NS };
/** For timers that are always due. */
const STEP_ROUNDS_MAX = 100;

/**
 * Lets time pass at once, with what timers do in it: time goes from timer to timer and stands still
 * until all that can run has run. Heartbeats run in those rounds only, and what waits for the world
 * outside goes on waiting. Resolves with the network's time. Errors: throws if the host is stopped
 * on the way.
 */
export async function letTimePass(host: LiveHost, durationNs: bigint): Promise<bigint> {
  const { replica } = host;
  const untilNs = host.refreshTimeNs() + durationNs;
  const stepNs = least(STEP_NS.most, most(STEP_NS.least, durationNs / STEPS));
  for (;;) {
    const timeNs = host.refreshTimeNs();
    if (!host.isRunning) throw new Error('the network was stopped while time passed');
    if (timeNs >= untilNs) return timeNs;
    const timerNs = replica.nextTimerNs() ?? untilNs;
    const nextNs = least(untilNs, most(timerNs, timeNs + stepNs));
    host.skip(nextNs - timeNs);
    await runAllThatCan(host);
  }
}

async function runAllThatCan(host: LiveHost): Promise<void> {
  for (let rounds = 0; rounds < STEP_ROUNDS_MAX; rounds += 1) {
    const timeNs = host.refreshTimeNs();
    host.tick(timeNs);
    await turn();
    const timerNs = host.replica.nextTimerNs();
    const isTimerDue = timerNs !== undefined && timerNs <= timeNs;
    if (!isTimerDue && !host.replica.wantsMoreNow()) return;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
