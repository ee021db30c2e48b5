import { CanisterUnavailable } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';

const MS_PER_SECOND = 1_000;

/**
 * Settles as the work does, or rejects with `CanisterUnavailable` after the time, when the signal that
 * the work was given is aborted too.
 */
export async function within<T>(
  clock: Pick<Clock, 'sleep'>,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const seconds = Math.round(limitMs / MS_PER_SECOND);
  const timeout = clock.sleep(limitMs, done.signal).then(() => {
    const error = new CanisterUnavailable(`There was no answer within ${seconds} seconds.`);
    late.abort(error);
    throw error;
  });
  try {
    return await Promise.race([work(late.signal), timeout]);
  } finally {
    done.abort();
  }
}
