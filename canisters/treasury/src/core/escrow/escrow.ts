import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import type { EscrowId, TransferId } from '../ids.ts';

/** Whom an escrow pays. */
export type Party = 'payer' | 'provider' | 'author' | 'platform';

/** Why a rental's paid time ended. */
export type EndCause =
  | 'renter-cancelled'
  | 'provider-cancelled'
  | 'term-ended'
  | 'not-provisioned'
  | 'provider-failed'
  | 'dispute-decided';

/**
 * Where an escrow is.
 *
 * quoted → depositing → funded → running → ended → closed; quoted → lapsed; depositing → quoted if
 * the ledger surely did not move anything; funded → ended without ever running.
 */
export type Phase =
  | { readonly kind: 'quoted' }
  | { readonly kind: 'lapsed'; readonly at: TimestampNs }
  | { readonly kind: 'depositing'; readonly transferId: TransferId }
  | { readonly kind: 'funded'; readonly at: TimestampNs }
  | { readonly kind: 'running'; readonly startedAt: TimestampNs }
  | {
      readonly kind: 'ended';
      /** Undefined if it never started. */
      readonly startedAt: TimestampNs | undefined;
      readonly endAt: TimestampNs;
      readonly cause: EndCause;
      /** False while the last hold-back is not credited yet. */
      readonly isFinal: boolean;
    }
  | { readonly kind: 'closed'; readonly at: TimestampNs; readonly cause: EndCause };

/** One party's side of an escrow. `credited - paid - fees` is open: owed and not yet paid. */
export interface PartyBook {
  readonly credited: TokenUnits;
  /** What reached the party, by confirmed blocks. */
  readonly paid: TokenUnits;
  /** Ledger fees that this party bore, by confirmed blocks. */
  readonly fees: TokenUnits;
}

/** Time that does not vest. Intervals are reported in order and never overlap. */
export interface Exclusions {
  /** Sum of closed outage intervals: they count against the uptime. */
  readonly outageNs: DurationNs;
  /** Sum of closed pauses: they do not count against the uptime. */
  readonly pausedNs: DurationNs;
  readonly pausedSince: TimestampNs | undefined;
  /** Where the last closed interval ended; the next begins no earlier. */
  readonly lastTo: TimestampNs;
}

export interface Dispute {
  readonly openedAt: TimestampNs;
  readonly openedBy: 'payer' | 'provider';
  /** From here on anybody's tick decides pro rata by the reported facts. */
  readonly deadlineAt: TimestampNs;
  /** What the decision can split: the unvested part and the hold-back at the opening. */
  readonly frozen: TokenUnits;
  /** The payer's part of `frozen` that each side agreed to so far; equal values settle it. */
  readonly payerAgrees: TokenUnits | undefined;
  readonly providerAgrees: TokenUnits | undefined;
}

/** What changes about one quote. Amounts are in the token's smallest unit. */
export interface Escrow {
  readonly id: EscrowId;
  readonly phase: Phase;
  /** Where the deposit came from and a refund goes to; set by the deposit. */
  readonly refundTo: Account | undefined;
  /** Confirmed deposit: 0 or the quote's whole amount. */
  readonly deposited: TokenUnits;
  /** Block of the deposit on its ledger. */
  readonly depositBlock: bigint | undefined;
  readonly exclusions: Exclusions;
  /** Of the period, what nobody measured, in parts per million, if that is too much. */
  readonly unprovenPpm: number | undefined;
  /** Number of the last fact applied; facts are numbered from 1 without holes. */
  readonly factSeq: number;
  readonly books: Readonly<Record<Party, PartyBook>>;
  /** Next daily release while running. */
  readonly nextReleaseAt: TimestampNs | undefined;
  readonly dispute: Dispute | undefined;
  /** The one transfer of this escrow that is not over; its subaccount has no other. */
  readonly liveTransfer: TransferId | undefined;
  /** Balance seen on the ledger less balance by the books, at the last audit. */
  readonly surplus: bigint;
  readonly auditedAt: TimestampNs | undefined;
  /** When the next audit is due; undefined before the deposit and after the audit of the closed escrow. */
  readonly auditDueAt: TimestampNs | undefined;
  /** Payouts to provider, author and platform wait until then, because a payee is paused. */
  readonly payoutsNotBefore: TimestampNs | undefined;
  /** When this escrow wants attention next; undefined: only an event from outside moves it. */
  readonly dueAt: TimestampNs | undefined;
}
