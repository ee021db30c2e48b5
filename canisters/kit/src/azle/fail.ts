import { trap } from 'azle';
import { isCleanup } from '../guard/with-guard.ts';

/** Traps, except in the pass that only cleans up after a trap: that one must end quietly. */
export function fail(error: unknown): void {
  if (isCleanup(error)) return;
  const shown =
    error instanceof Error ? `${error.toString()}\n${error.stack ?? ''}` : String(error);
  trap(`Uncaught ${shown}`);
}
