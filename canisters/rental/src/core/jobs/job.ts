import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId } from '../ids.ts';
import type { VersionRef } from '../recipes/recipe.ts';
import type { PowerAction } from '../rentals/rental.ts';

/** What a bridge is asked to do. Each is re-entrant: look at the cloud first, then act. */
export type JobTask =
  | { readonly kind: 'provision'; readonly rentalId: RentalId }
  /** Never given up: retried until the cloud confirms that the machine is gone. */
  | { readonly kind: 'terminate'; readonly rentalId: RentalId }
  | {
      readonly kind: 'upgrade-recipe';
      readonly rentalId: RentalId;
      readonly from: VersionRef;
      readonly to: VersionRef;
    }
  | { readonly kind: 'power'; readonly rentalId: RentalId; readonly action: PowerAction }
  | { readonly kind: 'rotate-ssh-keys'; readonly rentalId: RentalId }
  | { readonly kind: 'validate-account' }
  | { readonly kind: 'refresh-catalogue' };

/** Says what happens next; never the message. */
export type ErrorClass =
  'config' | 'capacity' | 'quota' | 'auth' | 'exists' | 'transient' | 'unknown';

/**
 * Where a job is. Exactly one live lease at a time: each claim raises `epoch`, and a call with another
 * epoch, or after `leaseUntil`, is refused as stale.
 */
export type JobState =
  /** In the queue of the account's agent. */
  | { readonly kind: 'ready'; readonly since: TimestampNs }
  /** The account has as many jobs in hand as it takes at once. Deletes never wait. */
  | { readonly kind: 'waiting'; readonly since: TimestampNs }
  | {
      readonly kind: 'leased';
      readonly agent: Principal;
      /** Which of the agent's processes. */
      readonly worker: string;
      readonly since: TimestampNs;
      readonly leaseUntil: TimestampNs;
    }
  | { readonly kind: 'delayed'; readonly until: TimestampNs }
  | { readonly kind: 'done'; readonly at: TimestampNs }
  | {
      readonly kind: 'failed';
      readonly at: TimestampNs;
      readonly class: ErrorClass;
      readonly reason: string;
    }
  | { readonly kind: 'cancelled'; readonly at: TimestampNs };

export interface Job {
  readonly id: JobId;
  readonly task: JobTask;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
  readonly state: JobState;
  readonly epoch: number;
  /** Reports of an epoch are numbered from 1; the last one taken in. */
  readonly reportSeq: number;
  /** Claims so far. */
  readonly attempts: number;
  /** Failures in a row, for the backoff. */
  readonly failures: number;
  readonly lastProblem: Problem | undefined;
  /** Which of the frozen choices a provision job tries next. */
  readonly choiceIndex: number;
  /** In whose queue its entry is; undefined while no agent may work on it. */
  readonly queuedFor: Principal | undefined;
  readonly createdAt: TimestampNs;
  /** After it the job fails; terminate has an alarm instead. */
  readonly deadlineAt: TimestampNs;
  /** Where its entry in the due queue is; undefined once it is over. */
  readonly dueAt: TimestampNs | undefined;
}

export interface Problem {
  readonly at: TimestampNs;
  readonly class: ErrorClass;
  /** For the operator and under "details"; the renter reads words made from the class. */
  readonly message: string;
}

/** The steps of a rental's timeline, for every backend the same. */
export type StepName =
  | 'paid'
  | 'reserved'
  | 'server-created'
  | 'booting'
  | 'ssh-reachable'
  | 'recipe-step'
  | 'health-passed'
  | 'ready'
  | 'worker-changed'
  | 'retrying'
  | 'power'
  | 'keys-rotated'
  | 'upgrade-started'
  | 'upgrade-done'
  | 'upgrade-rolled-back'
  | 'operation-failed'
  | 'extended'
  | 'down'
  | 'up'
  | 'ending'
  | 'machine-gone'
  | 'money-settled'
  | 'secrets-wiped'
  | 'closed';
