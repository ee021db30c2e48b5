import { present } from '@decent-cloud/domain/assert.ts';
import { elapsed, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { bookOf } from '../core/apply/rows.ts';
import { solvencyOf, type Solvency } from './solvency.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

const MAX_TOKENS = 50;
/** A backlog is counted up to here. */
const MAX_BACKLOG = 1_000;
/** Transfers that are not over are few; of more than these the oldest is not looked for. */
const MAX_TRANSFERS = 100;
const NS_PER_SECOND = 1_000_000_000n;
const LAST_TIME = timestampNs(2n ** 64n - 1n);

/** How the treasury is doing. */
export interface TreasuryFigures {
  readonly tokens: readonly Solvency[];
  readonly eventCount: number;
  /** Entries of each queue whose time has come, counted up to a bound. */
  readonly due: {
    readonly escrows: number;
    readonly transfers: number;
    readonly audits: number;
  };
  /** For how long the oldest due escrow has waited for its turn. */
  readonly overdueSeconds: bigint;
  /** Age of the oldest transfer that is not over and not parked. */
  readonly oldestTransferSeconds: bigint;
}

/** What somebody has to look at now; empty if all is well. */
export function treasuryTroubles(canister: Canister): readonly string[] {
  return solvencies(canister).flatMap(({ symbol, shortfall, parkedCount, difference }) => [
    ...(shortfall > 0n ? [`${symbol}: the ledger holds less than is owed`] : []),
    ...(difference + shortfall !== 0n ? [`${symbol}: the books do not add up`] : []),
    ...(parkedCount > 0 ? [`${symbol}: transfers are parked: ${parkedCount}`] : []),
  ]);
}

/** Reads sums and the beginnings of queues, nothing that grows. */
export function treasuryFigures(canister: Canister): TreasuryFigures {
  const { runtime, storage } = canister;
  const now = runtime.time();
  const { escrowsDue, transfersDue, auditsDue } = storage;
  return {
    tokens: solvencies(canister),
    eventCount: storage.journal.length(),
    due: {
      escrows: backlog(escrowsDue, now),
      transfers: backlog(transfersDue, now),
      audits: backlog(auditsDue, now),
    },
    overdueSeconds: elapsed(escrowsDue.nextDueAtNs() ?? now, now) / NS_PER_SECOND,
    oldestTransferSeconds: oldestTransferAge(canister, now) / NS_PER_SECOND,
  };
}

function solvencies({ storage }: Canister): readonly Solvency[] {
  const { rows } = storage.tokens.page({ order: 'oldest-first', limit: MAX_TOKENS });
  return rows.map(({ value }) => solvencyOf(value, bookOf(storage, value.ledger)));
}

function backlog<Id>(queue: DueQueue<Id>, now: TimestampNs): number {
  return queue.due(now, MAX_BACKLOG).length;
}

/** Every transfer that is not over has an entry in the queue, whenever it is due. */
function oldestTransferAge({ storage }: Canister, now: TimestampNs): bigint {
  const live = storage.transfersDue.due(LAST_TIME, MAX_TRANSFERS);
  return live.reduce((oldest, { id }) => {
    const { plannedAt } = present(storage.transfers.get(id), 'a due transfer is missing');
    const age = elapsed(plannedAt, now);
    return age > oldest ? age : oldest;
  }, 0n);
}
