import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { ErrorClass, StepName } from '../jobs/job.ts';
import type { EscrowId, JobId } from '../ids.ts';
import type { VersionRef } from '../recipes/recipe.ts';
import type { Operation, PowerAction } from './rental.ts';

/** Everything that can happen to a rental. `transition(rental, event, at)` decides. */
export type RentalEvent =
  // -- money
  | { readonly kind: 'accepted' }
  /** The treasury surely took nothing; the quote may be tried again until it expires. */
  | { readonly kind: 'payment-refused' }
  /** Expired or superseded without a deposit. */
  | { readonly kind: 'quote-lapsed'; readonly escrowId: EscrowId }
  | {
      readonly kind: 'deposit-confirmed';
      readonly escrowId: EscrowId;
      readonly amount: TokenUnits;
      readonly block: bigint | undefined;
      /** Of a first period: without a start until then the treasury gives everything back. */
      readonly deliverBy: TimestampNs;
    }
  /** The treasury ended it: by its own deadline or by a decided dispute. */
  | {
      readonly kind: 'escrow-ended';
      readonly escrowId: EscrowId;
      readonly by: 'term' | 'dispute' | 'deadline';
    }
  | { readonly kind: 'escrow-settled'; readonly escrowId: EscrowId }
  // -- the machine
  | { readonly kind: 'server-intended'; readonly choiceIndex: number; readonly name: string }
  | { readonly kind: 'server-created'; readonly externalId: string }
  /** The health gate passed. */
  | { readonly kind: 'machine-ready' }
  | { readonly kind: 'provisioning-failed'; readonly class: ErrorClass; readonly reason: string }
  /** Confirmed by the cloud, or no server was ever intended. */
  | { readonly kind: 'machine-gone' }
  /** The cloud says that a machine which should be there is not. */
  | { readonly kind: 'machine-lost'; readonly reason: string }
  // -- operations
  | { readonly kind: 'operation-started'; readonly operation: Operation }
  | { readonly kind: 'power-done'; readonly jobId: JobId; readonly action: PowerAction }
  | { readonly kind: 'keys-rotated'; readonly jobId: JobId }
  | { readonly kind: 'recipe-upgraded'; readonly jobId: JobId; readonly to: VersionRef }
  /** The old version runs again. */
  | { readonly kind: 'recipe-rolled-back'; readonly jobId: JobId; readonly reason: string }
  | { readonly kind: 'operation-failed'; readonly jobId: JobId; readonly reason: string }
  // -- people and the clock
  | { readonly kind: 'cancelled'; readonly by: 'renter' | 'provider' | 'operator' }
  | { readonly kind: 'version-skipped'; readonly number: number }
  /** The clock passed `dueAt`. */
  | { readonly kind: 'due' };

/** What must be done because of a transition, in the same message. */
export type RentalEffect =
  | { readonly kind: 'start-job'; readonly job: 'provision' | 'terminate' }
  /** Every job of the rental but `terminate`. */
  | { readonly kind: 'cancel-jobs' }
  | {
      readonly kind: 'report-fact';
      readonly escrowId: EscrowId;
      readonly seq: number;
      readonly fact: Fact;
    }
  | { readonly kind: 'ask-treasury' }
  | { readonly kind: 'timeline'; readonly step: StepName; readonly note: string }
  | { readonly kind: 'start-health'; readonly at: TimestampNs }
  /**
   * Up to `at` everything about the machine's health is final. Done before anything else, because the
   * facts that it issues come before the end of the period; `isLast`: nothing is measured any more.
   */
  | { readonly kind: 'end-health'; readonly at: TimestampNs; readonly isLast: boolean }
  /** Sealed secrets, inputs and machine addresses go at once; leaves a wipe event in the timeline. */
  | { readonly kind: 'wipe-secrets' }
  /** For the numbers of offering, recipe version and provider, and for the renter; it can wait. */
  | { readonly kind: 'note-ready'; readonly at: TimestampNs; readonly afterNs: DurationNs }
  /** For the same numbers: what was paid was never delivered. */
  | { readonly kind: 'note-failure' }
  /** The provider ended a machine that ran. */
  | { readonly kind: 'record-cancel' }
  /** What an upgrade changed about inputs and secrets stays, or goes back. */
  | { readonly kind: 'keep-inputs'; readonly which: 'new' | 'before' }
  | {
      readonly kind: 'notify';
      readonly notice: NoticeKind;
      /** Where the rental's own state does not say it. */
      readonly reason?: string;
    }
  /** Leaves the store as if it had never been: a quote that lapsed. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'schedule-archive' };

/** What the treasury is told; amounts never. The treasury's `Fact` without its number. */
export type Fact =
  | { readonly kind: 'started'; readonly at: TimestampNs }
  | { readonly kind: 'paused'; readonly at: TimestampNs }
  | { readonly kind: 'resumed'; readonly at: TimestampNs }
  | { readonly kind: 'outage'; readonly from: TimestampNs; readonly to: TimestampNs }
  /** Too much of the period is unknown: the treasury waits with the SLA. */
  | { readonly kind: 'unproven'; readonly unknownPpm: number }
  | {
      readonly kind: 'ended';
      readonly at: TimestampNs;
      readonly cause:
        | 'renter-cancelled'
        | 'provider-cancelled'
        | 'term-ended'
        | 'not-provisioned'
        | 'provider-failed';
    };

/** What people are told about. */
export type NoticeKind =
  | 'rental-paid'
  | 'rental-ready'
  | 'rental-failed'
  | 'rental-ending-soon'
  | 'rental-ended'
  | 'rental-closed'
  | 'rental-down'
  | 'rental-up'
  | 'deletion-delayed'
  | 'recipe-upgraded'
  | 'recipe-rolled-back'
  | 'operation-failed'
  | 'cloud-account-invalid'
  | 'sla-unproven'
  | 'stray-deleted';
