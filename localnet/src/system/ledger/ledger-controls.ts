import { archiveBlocks } from './archiving.ts';
import type { AdminControls } from './faults/faulty-ledger.ts';
import type { SubmittingLedger } from './submit.ts';

/** What can be done to any ledger beside its transactions. */
export function ledgerControls<A>(
  ledger: SubmittingLedger<A>,
): Pick<AdminControls, 'log' | 'archiveNow'> {
  return {
    log: () => ledger.state.log,
    *archiveNow(context, { keepBlocks, isNewArchive }) {
      // Blocks that are on their way already are the other call's.
      if (ledger.archiver.isBusy) return 0;
      const blockCount = Math.max(0, ledger.state.log.localLength - keepBlocks);
      return yield* archiveBlocks(context, ledger.state, ledger.archiver, {
        blockCount,
        isNewArchive,
      });
    },
  };
}
