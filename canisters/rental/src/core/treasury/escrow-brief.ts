import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';
import type { EndCause } from '../rentals/rental.ts';

/** Where the treasury has an escrow. It alone decides; we ask. */
export type EscrowPhase =
  | { readonly kind: 'quoted' }
  /** Expired or superseded without a payment. */
  | { readonly kind: 'lapsed'; readonly at: TimestampNs }
  /** The ledger was asked; back to `quoted` if it surely moved nothing. */
  | { readonly kind: 'depositing'; readonly transferId: number }
  | { readonly kind: 'funded'; readonly at: TimestampNs }
  | { readonly kind: 'running'; readonly startedAt: TimestampNs }
  | {
      readonly kind: 'ended';
      readonly startedAt: TimestampNs | undefined;
      readonly endAt: TimestampNs;
      readonly cause: EscrowEndCause;
      /** False while a part is not decided yet. */
      readonly isFinal: boolean;
    }
  /** Everything is paid. */
  | { readonly kind: 'closed'; readonly at: TimestampNs; readonly cause: EscrowEndCause };

export type EscrowEndCause = Exclude<EndCause, 'payment-failed'>;

/** One party's money: `open` is credited and still on its way. */
export interface EscrowParty {
  readonly credited: TokenUnits;
  readonly paid: TokenUnits;
  /** Ledger fees that it bore. */
  readonly fees: TokenUnits;
  readonly open: TokenUnits;
}

/** What the treasury says about one paid period, as of the answer. */
export interface EscrowBrief {
  readonly escrowId: EscrowId;
  readonly phase: EscrowPhase;
  readonly amount: TokenUnits;
  /** Confirmed: 0 or `amount`. */
  readonly deposited: TokenUnits;
  readonly depositBlock: bigint | undefined;
  readonly termEndsAt: TimestampNs | undefined;
  /** Refunds of the renter. */
  readonly payer: EscrowParty;
  /** Number of the last fact that was taken in. */
  readonly factSeq: number;
  readonly isDisputed: boolean;
  /** When the treasury looks at it next by itself; undefined: only a payment moves it. */
  readonly dueAt: TimestampNs | undefined;
}

/** True once the deposit is in the escrow's account, for good. */
export function isPaid({ phase }: EscrowBrief): boolean {
  return phase.kind !== 'quoted' && phase.kind !== 'lapsed' && phase.kind !== 'depositing';
}

/** True once the treasury owes the renter nothing more of it and decides nothing more about it. */
export function isSettled({ phase, payer }: EscrowBrief): boolean {
  if (phase.kind === 'closed') return true;
  return phase.kind === 'ended' && phase.isFinal && payer.open === 0n;
}
