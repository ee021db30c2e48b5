import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, EscrowId, JobId, OfferingId } from '../ids.ts';
import type { VersionRef } from '../recipes/recipe.ts';

/** Why a rental is over. */
export type EndCause =
  | 'renter-cancelled'
  | 'provider-cancelled'
  | 'term-ended'
  /** It never became ready: everything goes back. */
  | 'not-provisioned'
  /** The machine was lost. */
  | 'provider-failed'
  | 'dispute-decided'
  /** The deposit never came. */
  | 'payment-failed';

/** In plain words for the renter: what happened, what it means for the money. Never raw API text. */
export interface Ending {
  readonly cause: EndCause;
  readonly reason: string;
  readonly at: TimestampNs;
}

/**
 * Where a rental is. Every state but `closed` has a deadline, and every deadline an outcome.
 * `closed` only when the machine is confirmed gone and the money is settled.
 */
export type RentalState =
  /** Nothing is paid. After `expiresAt` the treasury is asked, and without a deposit it is forgotten. */
  | { readonly kind: 'quoted'; readonly expiresAt: TimestampNs }
  /** The ledger was asked. `isCancelAsked`: goes straight to `ending` once the deposit is confirmed. */
  | {
      readonly kind: 'awaiting-payment';
      readonly since: TimestampNs;
      readonly deadlineAt: TimestampNs;
      readonly isCancelAsked: boolean;
    }
  | {
      readonly kind: 'provisioning';
      readonly since: TimestampNs;
      readonly deadlineAt: TimestampNs;
    }
  | {
      readonly kind: 'active';
      readonly since: TimestampNs;
      /** End of the last paid period. */
      readonly endsAt: TimestampNs;
      readonly power: 'on' | 'off';
      /** At most one at a time. */
      readonly operation: Operation | undefined;
    }
  | {
      readonly kind: 'ending';
      readonly since: TimestampNs;
      readonly ending: Ending;
      /** Undefined until the machine is confirmed gone, or surely never was. */
      readonly machineGoneAt: TimestampNs | undefined;
      /** Undefined until the treasury has settled every period. */
      readonly moneySettledAt: TimestampNs | undefined;
    }
  | { readonly kind: 'closed'; readonly at: TimestampNs; readonly ending: Ending };

/** What is being done to an active rental, by a job. */
export type Operation = {
  readonly jobId: JobId;
  readonly since: TimestampNs;
  readonly deadlineAt: TimestampNs;
} & (
  | { readonly kind: 'power'; readonly action: PowerAction }
  | { readonly kind: 'rotate-ssh-keys' }
  | { readonly kind: 'upgrade-recipe'; readonly from: VersionRef; readonly to: VersionRef }
);

export type PowerAction = 'on' | 'off' | 'reboot';

/**
 * One paid stretch of time; the first, or an extension that follows on without a gap. Each has its
 * own escrow. Facts to the treasury are numbered per escrow from 1; `factSeq` is the last one issued.
 */
export interface Period {
  readonly escrowId: EscrowId;
  readonly status: 'quoted' | 'paid' | 'running' | 'ended' | 'settled' | 'lapsed';
  readonly termNs: DurationNs;
  readonly amount: TokenUnits;
  readonly quoteExpiresAt: TimestampNs;
  readonly startedAt: TimestampNs | undefined;
  readonly factSeq: number;
}

/** What changes about a rental. What was agreed is in `FrozenTerms`. */
export interface Rental {
  readonly id: RentalId;
  readonly renter: AccountId;
  readonly payer: Principal;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
  readonly offeringId: OfferingId;
  readonly state: RentalState;
  /** In order; the last may be an extension that is not paid yet. At most 32. */
  readonly periods: readonly Period[];
  /** What runs on the machine now; a bare machine has none. */
  readonly deployment: VersionRef | undefined;
  /** Which of the frozen choices was or is being made into a machine. */
  readonly choiceIndex: number;
  /** The cloud's id of the server, from the moment that one may exist. */
  readonly server: ServerRecord | undefined;
  /** A version of the recipe that the renter does not want. */
  readonly skippedVersion: number | undefined;
  /** When the canister looks at it next by itself. */
  readonly dueAt: TimestampNs | undefined;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}

/** `intended`: a server may exist. Kept until it is confirmed gone. */
export interface ServerRecord {
  readonly name: string;
  readonly externalId: string | undefined;
  readonly intendedAt: TimestampNs;
}
