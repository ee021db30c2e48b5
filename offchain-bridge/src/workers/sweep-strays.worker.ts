import { parseId } from '@decent-cloud/domain/ids.ts';
import type { RentalId } from '../core/ids.ts';
import { compareServers, type Compared, type ListedServer } from '../core/strays.ts';
import type { CloudProvider, CloudServer } from '../ports/cloud.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { AgentAccount, RentalPort } from '../ports/rental.port.ts';
import type { AccountBoard } from './account-board.ts';
import { messageOf, type Periodic } from './periodic.ts';

const EVERY_MS = 5 * 60_000;
/** Of one call to the canister. */
const STRAYS_MAX = 100;
const RENTAL_LABEL = 'dc-rental';

interface Deps {
  readonly rental: Pick<
    RentalPort,
    'installation' | 'bookedServers' | 'reportStrays' | 'reportStrayDeleted' | 'reportMachineLost'
  >;
  readonly board: AccountBoard;
  readonly provider: (account: AgentAccount, signal: AbortSignal) => Promise<CloudProvider>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly everyMs?: number;
}

export interface StraySweep extends Periodic {
  /** Servers without a rental that wait for the end of their grace. */
  waiting(): number;
}

/**
 * Compares the servers of every account that bear our labels with the canister's books. What nobody owns
 * is told to the canister, which says when its grace is over; then it is deleted. A rental whose machine
 * the cloud does not know is told too. What lacks our labels is never touched: it is not even listed.
 */
export function straySweep(deps: Deps): StraySweep {
  const waiting = new Map<number, number>();
  return {
    name: 'sweep',
    everyMs: deps.everyMs ?? EVERY_MS,
    waiting: () => [...waiting.values()].reduce((sum, count) => sum + count, 0),
    round: async (signal) => {
      for (const account of await deps.board.refresh()) {
        if (signal.aborted) return;
        waiting.set(account.id, await sweepSafely(deps, account, signal));
      }
      deps.metrics.set(
        'strays_waiting',
        [...waiting.values()].reduce((sum, count) => sum + count, 0),
      );
    },
  };
}

async function sweepSafely(
  deps: Deps,
  account: AgentAccount,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await sweep(deps, account, signal);
  } catch (error) {
    if (signal.aborted) return 0;
    deps.metrics.count('worker_failures', { worker: 'sweep' });
    deps.log.warn({ account: account.id, error: messageOf(error) }, 'an account was not swept');
    return 0;
  }
}

async function sweep(deps: Deps, account: AgentAccount, signal: AbortSignal): Promise<number> {
  const cloud = await deps.provider(account, signal);
  const servers = await cloud.listManaged(await deps.rental.installation(), signal);
  const books = await deps.rental.bookedServers(account.id);
  const compared = compareServers(
    servers.map(listed),
    books.map(({ rentalId, state, externalId }) => ({
      rentalId,
      externalId,
      isActive: state === 'active',
    })),
  );
  await reportMissing(deps, cloud, compared, signal);
  let waiting = 0;
  for (let at = 0; at < compared.strays.length; at += STRAYS_MAX) {
    waiting += await ask(
      deps,
      { account, cloud, strays: compared.strays.slice(at, at + STRAYS_MAX) },
      signal,
    );
  }
  return waiting;
}

interface Asked {
  readonly account: AgentAccount;
  readonly cloud: CloudProvider;
  readonly strays: readonly ListedServer[];
}

/** Gives how many wait for the end of their grace. */
async function ask(
  deps: Deps,
  { account, cloud, strays }: Asked,
  signal: AbortSignal,
): Promise<number> {
  const verdicts = await deps.rental.reportStrays(account.id, strays);
  for (const { externalId, verdict } of verdicts) {
    if (verdict !== 'delete') continue;
    signal.throwIfAborted();
    await cloud.delete(externalId, signal);
    await deps.rental.reportStrayDeleted(account.id, externalId);
    deps.metrics.count('strays_deleted');
    deps.log.warn({ account: account.id, server: externalId }, 'deleted a server without a rental');
  }
  return verdicts.filter(({ verdict }) => verdict === 'wait').length;
}

/** Asked for by its id first: a list may be a moment older than the machine. */
async function reportMissing(
  deps: Deps,
  cloud: CloudProvider,
  { missing }: Compared,
  signal: AbortSignal,
): Promise<void> {
  for (const { rentalId, externalId } of missing) {
    if ((await cloud.get(externalId, signal)) !== undefined) continue;
    const isEnded = await deps.rental.reportMachineLost(rentalId);
    deps.log.error(
      { rental: rentalId, isEnded },
      'the cloud does not know the machine of a rental',
    );
  }
}

function listed({ externalId, name, labels }: CloudServer): ListedServer {
  return { externalId, name, rentalId: rentalIdOf(labels[RENTAL_LABEL]) };
}

function rentalIdOf(label: string | undefined): RentalId | undefined {
  if (label === undefined || !/^\d{1,16}$/.test(label)) return undefined;
  const parsed = parseId<RentalId>(Number(label));
  return parsed.kind === 'ok' ? parsed.value : undefined;
}
