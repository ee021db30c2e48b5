import type { ConnectionCard } from './job-work.ts';

/**
 * Decides what happens next; messages never do. config: will never work as asked, the job fails;
 * capacity: next machine choice; quota: the account is at its limit; auth: the cloud refuses the
 * credentials; exists: something of that name is there, look again; transient: again later;
 * unknown: it may or may not have happened, look first.
 */
export type ErrorClass =
  'config' | 'capacity' | 'quota' | 'auth' | 'exists' | 'transient' | 'unknown';

/** Steps that workers tell; the canister knows the others by itself. */
export type WorkerStep = 'booting' | 'ssh-reachable' | 'recipe-step' | 'health-passed';

export type JobResult =
  | { readonly kind: 'ready' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'upgraded' }
  | { readonly kind: 'rolled-back'; readonly reason: string }
  | { readonly kind: 'done' };

/** What a worker tells about the job in its hands. `problem` and `succeeded` end it and come last. */
export type JobEvent =
  | {
      readonly kind: 'step';
      readonly step: WorkerStep;
      /** From 1; 0 of 0 where a step has no parts. */
      readonly index: number;
      readonly of: number;
      readonly note: string;
    }
  /** Before the request that costs money. */
  | { readonly kind: 'intent'; readonly choiceIndex: number; readonly name: string }
  /** Right after it, before anything else is read. */
  | { readonly kind: 'server'; readonly externalId: string }
  | { readonly kind: 'connection'; readonly card: ConnectionCard }
  /** An age file for the renter, at most 16 KiB. */
  | { readonly kind: 'credentials'; readonly sealed: Uint8Array }
  /** From a byte of the job's log on, at most 16 KiB. */
  | { readonly kind: 'log'; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'problem';
      readonly class: ErrorClass;
      readonly message: string;
      /** 0: no wait was asked for. */
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'succeeded'; readonly result: JobResult };
