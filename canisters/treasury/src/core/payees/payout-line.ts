import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import type { Party } from '../escrow/escrow.ts';
import type { EscrowId, TransferId } from '../ids.ts';
import type { Quote } from '../quotes/quote.ts';
import type { TokenConfig } from '../tokens/token-config.ts';
import type { Transfer, TransferStatus } from '../transfers/transfer.ts';

/**
 * - paid: a block on the ledger says so.
 * - on-its-way: planned, sent or to be sent again.
 * - being-looked-up: sent once; whether it arrived is read off the ledger before anything else.
 * - not-sent: surely nothing moved; what is owed is paid by another transfer.
 * - needs-a-look: parked; a controller has to resolve it against the ledger.
 */
export type PayoutState = 'paid' | 'on-its-way' | 'being-looked-up' | 'not-sent' | 'needs-a-look';

/** One transfer to somebody, as its receiver reads it. */
export interface PayoutLine {
  readonly transferId: TransferId;
  readonly escrowId: EscrowId;
  readonly rentalId: RentalId;
  /** What the receiver was in this rental. */
  readonly party: Party;
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly to: Account;
  /** What arrives. */
  readonly amount: TokenUnits;
  /** Of the ledger's fee, what the receiver bore, besides `amount`. */
  readonly feeBorne: TokenUnits;
  readonly plannedAt: TimestampNs;
  readonly paidAt: TimestampNs | undefined;
  readonly state: PayoutState;
  /** The state in a sentence. */
  readonly status: string;
  readonly block: bigint | undefined;
  readonly memo: Uint8Array | undefined;
  /** What `amount` was worth when it was paid; undefined where no price was known then. */
  readonly usdE8: UsdE8 | undefined;
}

/** The line about a payout of an escrow. */
export function payoutLine({
  transfer,
  quote,
  token,
}: {
  readonly transfer: Transfer;
  readonly quote: Quote;
  readonly token: TokenConfig;
}): PayoutLine {
  const { purpose, status } = transfer;
  if (purpose.kind !== 'payout') throw new InvariantError('BUG: only payouts have receivers');
  const isPaid = status.kind === 'paid';
  return {
    transferId: transfer.id,
    escrowId: quote.id,
    rentalId: quote.terms.rentalId,
    party: purpose.party,
    ledger: transfer.ledger,
    symbol: token.symbol,
    decimals: token.decimals,
    to: transfer.to,
    amount: isPaid ? status.args.amount : transfer.amount,
    feeBorne: transfer.feeFromPayee,
    plannedAt: transfer.plannedAt,
    paidAt: isPaid ? status.at : undefined,
    state: payoutState(status),
    status: statusText(transfer),
    block: isPaid ? status.block : undefined,
    memo: 'args' in status ? status.args.memo : undefined,
    usdE8: isPaid ? status.usdE8 : undefined,
  };
}

function payoutState(status: TransferStatus): PayoutState {
  switch (status.kind) {
    case 'planned':
      return 'on-its-way';
    case 'in-flight':
    case 'retry':
      return status.isUnknown ? 'being-looked-up' : 'on-its-way';
    case 'reconcile':
      return 'being-looked-up';
    case 'paid':
      return 'paid';
    case 'failed':
      return 'not-sent';
    case 'parked':
      return 'needs-a-look';
  }
}

function statusText({ status, lastProblem }: Transfer): string {
  const because = lastProblem === undefined ? '' : ` Last time: ${lastProblem}.`;
  switch (status.kind) {
    case 'planned':
      return `It is on its way to the ledger.${because}`;
    case 'in-flight':
      return status.isUnknown
        ? `It was sent before, and the ledger is asked whether it arrived.${because}`
        : 'It was sent to the ledger, and the answer is awaited.';
    case 'retry':
      return status.isUnknown
        ? `It was sent, and the ledger will be asked again whether it arrived.${because}`
        : `The ledger did not take it yet; it will be sent again.${because}`;
    case 'reconcile':
      return `It was sent, and its block is being looked for on the ledger.${because}`;
    case 'paid':
      return status.block === undefined
        ? 'It is paid, as the balance on the ledger shows.'
        : `It is paid in block ${status.block.toString()} of the ledger.`;
    case 'failed':
      return `Nothing was sent: ${status.reason}. What is owed is paid by another transfer.`;
    case 'parked':
      return `Nobody knows yet whether it arrived: ${status.reason}. The operator resolves it against the ledger.`;
  }
}
