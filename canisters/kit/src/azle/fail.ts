import { trap } from 'azle';
import { isCleanup } from '../guard/with-guard.ts';
import { globals } from '../lean/azle-host.ts';

/**
 * Traps, except in the pass that only cleans up after a trap: that one must end quietly. The caller
 * sees what happened; where in the code it was is printed to the canister's log, for controllers.
 */
export function fail(error: unknown): void {
  if (isCleanup(error)) return;
  if (error instanceof Error) globals._azleIc.debugPrint(`${String(error)}\n${error.stack ?? ''}`);
  trap(`Uncaught ${String(error)}`);
}
