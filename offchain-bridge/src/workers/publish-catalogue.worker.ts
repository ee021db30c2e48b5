import { WorkError } from '../core/work-error.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { AgentAccount, RentalPort } from '../ports/rental.port.ts';
import type { AccountBoard } from './account-board.ts';
import { messageOf, type Periodic } from './periodic.ts';

/** The canister lets nothing be rented by a reading of more than 15 minutes ago. */
const EVERY_MS = 5 * 60_000;

interface Deps {
  readonly rental: Pick<RentalPort, 'publishCatalogue' | 'reportAccountValidity' | 'clockOffsetMs'>;
  readonly board: AccountBoard;
  readonly provider: (account: AgentAccount, signal: AbortSignal) => Promise<CloudProvider>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Reads what each cloud account can order and publishes it; one account's trouble does not keep the
 * others. A cloud that refuses the credentials is told to the seller, and so is the end of that.
 */
export function catalogueWorker(deps: Deps): Periodic {
  return {
    name: 'catalogue',
    everyMs: EVERY_MS,
    round: async (signal) => {
      const accounts = await deps.board.refresh();
      for (const account of accounts) {
        if (signal.aborted) return;
        await publish(deps, account, signal);
      }
    },
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
    deps.metrics.count('worker_failures', { worker: 'catalogue' });
    deps.log.warn({ account: account.id, error: messageOf(error) }, 'no catalogue was published');
    if (error instanceof WorkError && error.class === 'auth') {
      await noteProblem(deps, account, error.message);
    }
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
