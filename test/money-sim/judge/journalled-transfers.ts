import type { Principal } from '@dfinity/principal';
import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { readAccount } from '@decent-cloud/localnet/system/ledger/wire/icrc-messages.ts';
import type { Account, Party } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { JournalEntry } from './evidence.ts';
import type { Knowledge } from './knowledge.ts';

export type TransferEnd = 'open' | 'paid' | 'failed' | 'parked';

/** What the journal says about one intended movement. */
export interface JournalledTransfer {
  readonly id: bigint;
  readonly escrowId: bigint | undefined;
  readonly party: Party | 'deposit' | 'withdrawal';
  readonly ledgerId: Principal;
  readonly from: string;
  readonly to: string;
  /** As planned last. */
  amount: bigint;
  fee: bigint;
  generations: number;
  end: TransferEnd;
  /** The block that the treasury named. */
  block: bigint | undefined;
  how: string | undefined;
}

/** All transfers that were ever planned, as the journal left them. */
export function transfersOf(
  journal: readonly JournalEntry[],
  known: Knowledge,
): ReadonlyMap<bigint, JournalledTransfer> {
  const transfers = new Map<bigint, JournalledTransfer>();
  for (const { event } of journal) {
    if ('DepositPlanned' in event) {
      const { transfer_id: id, escrow_id: escrowId, ...plan } = event.DepositPlanned;
      const ledgerId = known.escrows.get(escrowId)?.quote.terms.ledger;
      if (ledgerId === undefined) continue;
      transfers.set(id, planned({ id, escrowId, party: 'deposit', ledgerId, plan }));
    } else if ('TransferPlanned' in event) {
      const { transfer_id: id, purpose, ledger: ledgerId, ...plan } = event.TransferPlanned;
      const payout = 'Payout' in purpose ? purpose.Payout : undefined;
      const party = payout?.party ?? 'withdrawal';
      transfers.set(id, planned({ id, escrowId: payout?.escrow_id, party, ledgerId, plan }));
    } else {
      followed(transfers, event);
    }
  }
  return transfers;
}

function planned(parts: {
  readonly id: bigint;
  readonly escrowId: bigint | undefined;
  readonly party: JournalledTransfer['party'];
  readonly ledgerId: Principal;
  readonly plan: { from: Account; to: Account; amount: bigint; fee: bigint };
}): JournalledTransfer {
  const { plan, ...rest } = parts;
  return {
    ...rest,
    from: keyOf(plan.from),
    to: keyOf(plan.to),
    ...{ amount: plan.amount, fee: plan.fee, generations: 0, end: 'open' },
    ...{ block: undefined, how: undefined },
  };
}

function followed(
  transfers: ReadonlyMap<bigint, JournalledTransfer>,
  event: JournalEntry['event'],
): void {
  const [body] = Object.values(event) as { transfer_id?: bigint }[];
  const transfer = body?.transfer_id === undefined ? undefined : transfers.get(body.transfer_id);
  if (transfer === undefined) return;
  if ('TransferSent' in event) {
    transfer.generations = event.TransferSent.args.generation;
  } else if ('TransferReplanned' in event) {
    transfer.amount = event.TransferReplanned.amount;
    transfer.fee = event.TransferReplanned.fee;
    transfer.end = 'open';
  } else if ('TransferPaid' in event) {
    transfer.end = 'paid';
    transfer.block = event.TransferPaid.block[0];
    [transfer.how] = Object.keys(event.TransferPaid.how);
  } else if ('TransferFailed' in event) {
    transfer.end = 'failed';
  } else if ('TransferParked' in event) {
    transfer.end = 'parked';
  }
}

export function keyOf(account: Account): string {
  return accountKey(readAccount(account));
}
