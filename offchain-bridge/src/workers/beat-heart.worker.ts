import type { RentalPort } from '../ports/rental.port.ts';
import type { AccountBoard } from './account-board.ts';
import type { Periodic } from './periodic.ts';

const EVERY_MS = 60_000;

interface Deps {
  readonly rental: Pick<RentalPort, 'heartbeat'>;
  readonly board: AccountBoard;
  /** What sellers seal credentials to. */
  readonly ageRecipient: string;
  readonly version: string;
}

/** Says that this agent is alive and what to seal to, and reads which accounts it works. */
export function heartbeatWorker(deps: Deps): Periodic {
  const { ageRecipient, version } = deps;
  return {
    name: 'heartbeat',
    everyMs: EVERY_MS,
    round: async () => {
      await deps.rental.heartbeat({ ageRecipient, version });
      await deps.board.refresh();
    },
  };
}
