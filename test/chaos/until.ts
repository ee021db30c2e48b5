import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 500;

/** Asks until it is so; true if it came to be in time. */
export async function comesTrue(
  limitMs: number,
  isSo: () => Promise<boolean> | boolean,
): Promise<boolean> {
  const untilMs = Date.now() + limitMs;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() >= untilMs) return false;
    await sleep(POLL_MS);
  }
}

/** Asks until it is so. Errors: throws if it is not in time. */
export async function until(
  what: string,
  limitMs: number,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  if (!(await comesTrue(limitMs, isSo))) {
    throw new Error(`after ${limitMs.toString()} ms still not: ${what}`);
  }
}
