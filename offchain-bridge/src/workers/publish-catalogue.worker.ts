import { WorkError } from '../core/work-error.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import type { AgentAccount, RentalPort } from '../ports/rental.port.ts';
import { forEachAccount, type EachAccountDeps } from './each-account.ts';
import type { Periodic } from './periodic.ts';

/** The canister lets nothing be rented by a reading of more than 15 minutes ago. */
const EVERY_MS = 5 * 60_000;

interface Deps extends EachAccountDeps {
  readonly rental: Pick<RentalPort, 'publishCatalogue' | 'reportAccountValidity' | 'clockOffsetMs'>;
  readonly provider: (account: AgentAccount, signal: AbortSignal) => Promise<CloudProvider>;
  readonly clock: Clock;
}

/**
 * Reads what each cloud account can order and publishes it; one account's trouble does not keep the
 * others. A cloud that refuses the credentials is told to the seller, and so is the end of that.
 */
export function catalogueWorker(deps: Deps): Periodic {
  return {
    name: 'catalogue',
    everyMs: EVERY_MS,
    round: (signal) =>
      forEachAccount(
        deps,
        {
          worker: 'catalogue',
          failure: 'no catalogue was published',
          work: (account) => publish(deps, account, signal),
        },
        signal,
      ),
  };
}

async function publish(deps: Deps, account: AgentAccount, signal: AbortSignal): Promise<void> {
  try {
    const cloud = await deps.provider(account, signal);
    const readAtMs = deps.clock.nowMs() + (deps.rental.clockOffsetMs() ?? 0);
    const catalogue = await cloud.catalogue(signal);
    await deps.rental.publishCatalogue(account.id, { readAtMs, catalogue });
    deps.metrics.count('catalogues_published');
    await noteProblem(deps, account, undefined);
  } catch (error) {
    if (signal.aborted || isOlder(error)) return;
    if (error instanceof WorkError && error.class === 'auth') {
      await noteProblem(deps, account, error.message);
    }
    throw error;
  }
}

/** Another process of this identity was faster: its reading stands. */
function isOlder(error: unknown): boolean {
  return error instanceof CanisterRefusal && error.reason === 'Conflict';
}

async function noteProblem(
  { board, rental }: Deps,
  { id }: AgentAccount,
  problem: string | undefined,
): Promise<void> {
  if (board.note(id, problem)) await rental.reportAccountValidity(id, problem);
}
