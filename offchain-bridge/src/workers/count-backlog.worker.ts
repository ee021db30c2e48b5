import type { RentalPort } from '../ports/rental.port.ts';
import type { BoardAccount } from './account-board.ts';
import { forEachAccount, type EachAccountDeps } from './each-account.ts';
import type { Periodic } from './periodic.ts';

const EVERY_MS = 60_000;

/** What is still to be done at the accounts of this bridge, by whichever process of its identity. */
export interface MachineBacklog {
  /** Paid rentals whose machine is not ready yet. */
  readonly machinesToMake: number;
  /** Rentals that are over and whose machine may still be there. */
  readonly machinesToDelete: number;
}

export interface BacklogCount extends Periodic {
  /** As the canister last said; undefined before. */
  backlog(): MachineBacklog | undefined;
}

interface Deps extends EachAccountDeps {
  readonly rental: Pick<RentalPort, 'bookedServers'>;
}

/** Counts it, once a minute. Accounts that cannot be read are left out. */
export function backlogCount(deps: Deps): BacklogCount {
  let last: MachineBacklog | undefined;
  return {
    name: 'backlog',
    everyMs: EVERY_MS,
    backlog: () => last,
    round: async (signal) => {
      let [machinesToMake, machinesToDelete] = [0, 0];
      const work = async ({ id }: BoardAccount): Promise<void> => {
        const states = (await deps.rental.bookedServers(id)).map(({ state }) => state);
        machinesToMake += states.filter((state) => state === 'provisioning').length;
        machinesToDelete += states.filter((state) => state === 'ending').length;
      };
      const failure = 'what is to be done was not counted';
      await forEachAccount(deps, { worker: 'backlog', failure, work }, signal);
      if (signal.aborted) return;
      last = { machinesToMake, machinesToDelete };
      deps.metrics.set('machines_to_make', machinesToMake);
      deps.metrics.set('machines_to_delete', machinesToDelete);
    },
  };
}
