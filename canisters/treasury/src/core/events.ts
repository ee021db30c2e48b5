import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from './account.ts';
import type { EndCause, Party } from './escrow/escrow.ts';
import type { Fact } from './escrow/fact.ts';
import type { EscrowId, TransferId } from './ids.ts';
import type { Quote } from './quotes/quote.ts';
import type { Settings } from './settings.ts';
import type { TokenConfig } from './tokens/token-config.ts';
import type { FrozenArgs, Purpose } from './transfers/transfer.ts';

/**
 * Everything that ever changes the treasury's state, as data. State moves only by an event that was
 * put in the journal, so the journal alone gives the state again. Amounts are decided before the
 * event is written and stand in it: applying one adds and subtracts, it never prices or splits.
 */
export type TreasuryEvent = ConfigEvent | QuoteEvent | EscrowEvent | TransferEvent | PayeeEvent;

export type ConfigEvent =
  | { readonly kind: 'token-configured'; readonly by: Principal; readonly config: TokenConfig }
  | { readonly kind: 'settings-changed'; readonly by: Principal; readonly settings: Settings }
  | { readonly kind: 'ledger-fee-observed'; readonly ledger: Principal; readonly fee: TokenUnits }
  /** The platform's own account: balance on the ledger less what was collected, at rest. */
  | { readonly kind: 'platform-audited'; readonly ledger: Principal; readonly surplus: bigint };

export type QuoteEvent =
  | { readonly kind: 'quoted'; readonly quote: Quote }
  | {
      readonly kind: 'quote-lapsed';
      readonly escrowId: EscrowId;
      readonly why: 'expired' | 'superseded';
    };

/** What a release or a settlement gives to each party; in sum what leaves the escrow's unvested part. */
export type Credits = Readonly<Record<Party, TokenUnits>>;

export type EscrowEvent =
  | {
      readonly kind: 'fact-reported';
      readonly escrowId: EscrowId;
      readonly seq: number;
      readonly fact: Exclude<Fact, { kind: 'ended' }>;
    }
  /** By a fact (`seq`), or by a deadline of the treasury's own (no `seq`). */
  | {
      readonly kind: 'ended';
      readonly escrowId: EscrowId;
      readonly seq: number | undefined;
      readonly endAt: TimestampNs;
      readonly cause: EndCause;
      readonly credits: Credits;
    }
  | {
      readonly kind: 'released';
      readonly escrowId: EscrowId;
      readonly credits: Credits;
      readonly nextReleaseAt: TimestampNs | undefined;
    }
  /** The last hold-back is credited: nothing of the deposit is undecided any more. */
  | { readonly kind: 'finalised'; readonly escrowId: EscrowId; readonly credits: Credits }
  /** What a party has left is less than the ledger takes for sending it: the platform keeps it. */
  | {
      readonly kind: 'dust-kept';
      readonly escrowId: EscrowId;
      readonly party: Party;
      readonly amount: TokenUnits;
    }
  /** What is owed cannot be sent yet: a payee is paused, or the ledger's fee is too high for now. */
  | {
      readonly kind: 'payouts-deferred';
      readonly escrowId: EscrowId;
      readonly until: TimestampNs;
    }
  | { readonly kind: 'escrow-closed'; readonly escrowId: EscrowId }
  | {
      readonly kind: 'dispute-opened';
      readonly escrowId: EscrowId;
      readonly by: 'payer' | 'provider';
      readonly frozen: TokenUnits;
      readonly deadlineAt: TimestampNs;
      readonly reason: string;
    }
  | {
      readonly kind: 'dispute-agreed';
      readonly escrowId: EscrowId;
      readonly by: 'payer' | 'provider';
      readonly payerPart: TokenUnits;
    }
  | {
      readonly kind: 'dispute-decided';
      readonly escrowId: EscrowId;
      readonly how: 'arbiter' | 'agreement' | 'default';
      readonly endAt: TimestampNs;
      readonly credits: Credits;
    }
  /** Balance on the ledger less balance by the books; undefined: it was not at rest, look again later. */
  | {
      readonly kind: 'escrow-audited';
      readonly escrowId: EscrowId;
      readonly surplus: bigint | undefined;
    };

export type TransferEvent =
  | {
      readonly kind: 'deposit-planned';
      readonly transferId: TransferId;
      readonly escrowId: EscrowId;
      readonly from: Account;
      readonly to: Account;
      readonly amount: TokenUnits;
      readonly fee: TokenUnits;
      readonly scanFrom: bigint;
      readonly exposureUsdE8: UsdE8;
    }
  | {
      readonly kind: 'transfer-planned';
      readonly transferId: TransferId;
      readonly purpose: Exclude<Purpose, { kind: 'deposit' }>;
      readonly ledger: Principal;
      readonly from: Account;
      readonly to: Account;
      readonly amount: TokenUnits;
      readonly fee: TokenUnits;
      readonly feeFromPayee: TokenUnits;
      readonly scanFrom: bigint;
    }
  | { readonly kind: 'transfer-sent'; readonly transferId: TransferId; readonly args: FrozenArgs }
  | { readonly kind: 'transfer-resent'; readonly transferId: TransferId }
  | {
      readonly kind: 'transfer-retry';
      readonly transferId: TransferId;
      readonly isUnknown: boolean;
      readonly problem: string;
      readonly notBefore: TimestampNs;
    }
  | {
      readonly kind: 'transfer-reconciling';
      readonly transferId: TransferId;
      readonly problem: string;
      readonly notBefore: TimestampNs;
    }
  | {
      readonly kind: 'transfer-replanned';
      readonly transferId: TransferId;
      readonly amount: TokenUnits;
      readonly fee: TokenUnits;
      readonly feeFromPayee: TokenUnits;
      readonly scanFrom: bigint;
      readonly problem: string;
      readonly notBefore: TimestampNs;
    }
  | {
      readonly kind: 'transfer-paid';
      readonly transferId: TransferId;
      readonly block: bigint | undefined;
      readonly how: 'reply' | 'duplicate' | 'found' | 'balance' | 'resolved';
      readonly usdE8: UsdE8 | undefined;
    }
  | { readonly kind: 'transfer-failed'; readonly transferId: TransferId; readonly reason: string }
  | { readonly kind: 'transfer-parked'; readonly transferId: TransferId; readonly reason: string };

export type PayeeEvent =
  | {
      readonly kind: 'payout-account-requested';
      readonly owner: Principal;
      readonly account: Account;
      readonly effectiveAt: TimestampNs;
    }
  | { readonly kind: 'payout-account-cancelled'; readonly owner: Principal }
  | { readonly kind: 'payouts-paused'; readonly owner: Principal; readonly until: TimestampNs }
  | { readonly kind: 'payouts-resumed'; readonly owner: Principal };
