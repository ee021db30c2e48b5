import { parseId } from '@decent-cloud/domain/ids.ts';
import type { RentalId } from '../core/ids.ts';
import { compareServers, type Compared, type ListedServer } from '../core/strays.ts';
import type { CloudProvider, CloudServer } from '../ports/cloud.port.ts';
import type { AgentAccount, RentalPort } from '../ports/rental.port.ts';
import { forEachAccount, type EachAccountDeps } from './each-account.ts';
import type { Periodic } from './periodic.ts';

const EVERY_MS = 5 * 60_000;
/** Of one call to the canister. */
const STRAYS_MAX = 100;
const RENTAL_LABEL = 'dc-rental';

interface Deps extends EachAccountDeps {
  readonly rental: Pick<
    RentalPort,
    'installation' | 'bookedServers' | 'reportStrays' | 'reportStrayDeleted' | 'reportMachineLost'
  >;
  readonly provider: (account: AgentAccount, signal: AbortSignal) => Promise<CloudProvider>;
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
  let waiting = 0;
  return {
    name: 'sweep',
    everyMs: deps.everyMs ?? EVERY_MS,
    waiting: () => waiting,
    round: async (signal) => {
      let count = 0;
      const work = async (account: AgentAccount): Promise<void> => {
        count += await sweep(deps, account, signal);
      };
      const failure = 'an account was not swept';
      await forEachAccount(deps, { worker: 'sweep', failure, work }, signal);
      waiting = count;
      deps.metrics.set('strays_waiting', waiting);
    },
  };
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
