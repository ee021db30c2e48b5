import type { Principal } from '@dfinity/principal';
import type { JobId } from '../ids.ts';
import type { ErrorClass, StepName } from './job.ts';

/**
 * What a worker tells about a job in hand. `seq` numbers the reports of an epoch from 1; one that was
 * taken in before is a duplicate without effect, a gap is refused. Every report renews the lease.
 */
export interface JobReport {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly seq: number;
  /** At most 16, taken in together or not at all. */
  readonly events: readonly JobEvent[];
}

export type JobEvent =
  | {
      readonly kind: 'step';
      readonly step: StepName;
      /** Of a recipe's steps; 0 of 0 otherwise. */
      readonly index: number;
      readonly of: number;
      readonly note: string;
    }
  /** Before the POST that costs money. `name` is the deterministic one. */
  | { readonly kind: 'intent'; readonly choiceIndex: number; readonly name: string }
  /** Right after it, before anything else is read. */
  | { readonly kind: 'server'; readonly externalId: string }
  | { readonly kind: 'connection'; readonly card: ConnectionCard }
  /** Sealed to the renter's age recipient; at most 16 KiB. */
  | { readonly kind: 'credentials'; readonly sealed: Uint8Array }
  /** `offset` in bytes from the start of the job's log; known bytes are skipped, a gap is refused. */
  | { readonly kind: 'log'; readonly offset: number; readonly bytes: Uint8Array }
  /** Ends the lease. The class decides what happens next. */
  | {
      readonly kind: 'problem';
      readonly class: ErrorClass;
      readonly message: string;
      readonly retryAfterMs: number;
    }
  /** Ends the job. */
  | { readonly kind: 'succeeded'; readonly result: JobResult };

export type JobResult =
  | { readonly kind: 'ready' }
  /** The cloud says that nothing of ours is left. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'upgraded' }
  /** The new version was not healthy and the old one is again. */
  | { readonly kind: 'rolled-back'; readonly reason: string }
  | { readonly kind: 'done' };

/** How to reach the machine. Nothing secret. */
export interface ConnectionCard {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly sshUser: string;
  readonly sshPort: number;
  /** `SHA256:…`, as ssh prints it. */
  readonly hostKeyFingerprint: string;
  /** `ssh-ed25519 AAAA…`, for known_hosts. */
  readonly hostKey: string;
  /** Empty for a bare machine. */
  readonly serviceUrl: string;
}

/** Who claims. */
export interface Claim {
  readonly agent: Principal;
  readonly worker: string;
  /** 1 to 20. */
  readonly max: number;
}
