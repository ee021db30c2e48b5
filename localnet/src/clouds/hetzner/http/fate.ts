import type { TakeFault } from '../faults/fault-board.ts';
import type { Fate } from '../servers/lifecycle.ts';
import type { Command } from '../state/server-record.ts';

/** How an action that is about to begin will end, by the faults that are placed. */
export function fateFor(takeFault: TakeFault, command: Command): Fate {
  const isMeant = (effect: { readonly command?: Command | undefined }): boolean =>
    (effect.command ?? command) === command;
  if (takeFault('stuck-action', isMeant)) return { kind: 'stuck' };
  const failed = takeFault('failed-action', isMeant);
  if (failed === undefined) return { kind: 'success' };
  return { kind: 'failure', failure: { code: failed.code, message: failed.message } };
}
