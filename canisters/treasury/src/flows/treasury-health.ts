import { present } from '@decent-cloud/domain/assert.ts';
import { elapsed, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { gauge, type Metric, type Sample } from '@decent-cloud/kit/http/metrics.ts';
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

/** What somebody has to look at now; empty if all is well. */
export function treasuryTroubles(canister: Canister): readonly string[] {
  return solvencies(canister).flatMap(({ symbol, shortfall, parkedCount, difference }) => [
    ...(shortfall > 0n ? [`${symbol}: the ledger holds less than is owed`] : []),
    ...(difference !== 0n && shortfall === 0n ? [`${symbol}: the books do not add up`] : []),
    ...(parkedCount > 0 ? [`${symbol}: ${parkedCount} transfers are parked`] : []),
  ]);
}

/** What the treasury measures of itself. */
export function treasuryMetrics(canister: Canister): readonly Metric[] {
  const { runtime, storage } = canister;
  const now = runtime.time();
  const byToken = solvencies(canister);
  const perToken = (name: string, help: string, value: (one: Solvency) => Sample['value']) => ({
    ...{ name: `dc_treasury_${name}`, help, kind: 'gauge' as const },
    samples: byToken.map((one) => ({ labels: { token: one.symbol }, value: value(one) })),
  });
  const single = (name: string, help: string, value: number | bigint) =>
    gauge({ name: `dc_treasury_${name}`, help, value });
  const waitsSince = storage.escrowsDue.nextDueAtNs() ?? now;
  return [
    single('tokens', 'Tokens ever configured', storage.tokens.count()),
    single('events', 'Entries in the event journal', storage.journal.length()),
    perToken('held', 'Held on the ledger, in the smallest unit', (one) => one.ledgerBalance),
    perToken('difference', 'Held less owed; anything but 0 needs a look', (one) => one.difference),
    perToken('shortfall', 'Missing on the ledger; must be 0', (one) => one.shortfall),
    perToken('surplus', 'Sent to the treasury beyond what is owed', (one) => one.surplus),
    perToken(
      'parked_transfers',
      'Transfers whose outcome nobody knows; each needs a look',
      (one) => one.parkedCount,
    ),
    perToken('open_escrows', 'Paid and not settled yet', (one) => one.openEscrowCount),
    single('due_escrows', 'Escrows that wait for their turn', backlog(storage.escrowsDue, now)),
    single(
      'due_transfers',
      'Transfers that wait for their turn',
      backlog(storage.transfersDue, now),
    ),
    single('due_audits', 'Escrows that wait for their audit', backlog(storage.auditsDue, now)),
    single(
      'overdue_seconds',
      'For how long the oldest due escrow has waited for its turn',
      seconds(elapsed(waitsSince, now)),
    ),
    single(
      'oldest_transfer_seconds',
      'Age of the oldest transfer that is not over and not parked',
      seconds(oldestTransferAge(canister, now)),
    ),
  ];
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

function seconds(ns: bigint): bigint {
  return ns / NS_PER_SECOND;
}
