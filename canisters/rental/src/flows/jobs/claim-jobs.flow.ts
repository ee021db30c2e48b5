import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import type { Claim } from '../../core/jobs/job-report.ts';
import type { Job } from '../../core/jobs/job.ts';
import {
  QUEUE_CLASSES,
  rentalOf,
  type JobKind,
  type QueueClass,
} from '../../core/jobs/job-kinds.ts';
import { claimed, isTooLate, type LeasedState } from '../../core/jobs/job-machine.ts';
import { textTrouble } from '../../core/text-rules.ts';
import { actingAgent } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { mayWorkFor } from './agent-jobs.ts';
import { returnLostJobs } from './job-due.ts';
import { agentFor, putJob, reroute } from './job-moves.ts';

const MAX_CLAIMED = 20;
const MAX_WORKER_LENGTH = 64;
/** Entries of jobs that were cancelled or moved are dropped on the way; so many in one call. */
const MAX_DROPPED = 40;

/** A job that was handed out; everything else about it is asked for with `get_job`. */
export interface ClaimedJob {
  readonly jobId: JobId;
  readonly job: JobKind;
  readonly rentalId: RentalId | undefined;
  readonly cloudAccountId: CloudAccountId;
  readonly epoch: number;
  readonly leaseUntil: TimestampNs;
  readonly attempts: number;
}

/**
 * Hands out at most `max` jobs of the calling agent: deletes first, then what people wait for, then
 * the rest, each in the order in which it came. The caller is the only one with a lease on them.
 */
export function claimJobs(
  c: RentalCanister,
  claim: Omit<Claim, 'agent'>,
): Result<readonly ClaimedJob[], RentalError> {
  const { worker, max } = claim;
  if (max < 1 || max > MAX_CLAIMED) {
    return invalidArgument({ argument: 'max', rule: `must be between 1 and ${MAX_CLAIMED}` });
  }
  const trouble = textTrouble(worker, { argument: 'worker', min: 1, max: MAX_WORKER_LENGTH });
  if (trouble !== undefined) return invalidArgument(trouble);
  const caller = actingAgent(c);
  if (caller.kind === 'err') return caller;
  returnLostJobs(c);
  return ok(new Claims(c, { agent: caller.value, worker, max }).take());
}

/** One claim: what is the same for all of its jobs is looked up once. */
class Claims {
  readonly #c: RentalCanister;
  readonly #claim: Claim;
  readonly #allowed = new Map<AccountId, boolean>();
  readonly #taken: ClaimedJob[] = [];
  #dropped = 0;

  constructor(c: RentalCanister, claim: Claim) {
    this.#c = c;
    this.#claim = claim;
  }

  take(): readonly ClaimedJob[] {
    for (const queueClass of QUEUE_CLASSES) this.#takeOf(queueClass);
    return this.#taken;
  }

  #takeOf(queueClass: QueueClass): void {
    const { jobs } = this.#c.storage;
    const { agent, max } = this.#claim;
    const queue = { kind: 'ready', agent, class: queueClass } as const;
    while (this.#taken.length < max && this.#dropped < MAX_DROPPED) {
      const id = jobs.queues.shift(queue);
      if (id === undefined) return;
      const job = jobs.jobs.get(id);
      if (job !== undefined && this.#isQueuedHere(job)) this.#lease(job);
      else this.#dropped += 1;
    }
  }

  /** An entry stays behind when its job is cancelled or is put into another agent's queue. */
  #isQueuedHere({ state, queuedFor }: Job): boolean {
    if (state.kind !== 'ready' || queuedFor === undefined) return false;
    return isSame(queuedFor, this.#claim.agent);
  }

  #lease(job: Job): void {
    const c = this.#c;
    const at = c.runtime.time();
    const { agent, worker } = this.#claim;
    if (!this.#isMine(job) || isTooLate(job, at)) {
      this.#dropped += 1;
      reroute(c, job, isTooLate(job, at) ? undefined : agentFor(c, job));
      return;
    }
    const taken = claimed(job, { agent, worker, at });
    putJob(c, { before: job, after: taken });
    const { leaseUntil } = taken.state as LeasedState;
    const { id, task, cloudAccountId, epoch, attempts } = taken;
    const rentalId = rentalOf(task);
    const row = { jobId: id, job: task.kind, rentalId, cloudAccountId };
    this.#taken.push({ ...row, epoch, leaseUntil, attempts });
  }

  #isMine({ cloudAccountId, provider }: Job): boolean {
    const { agent } = this.#claim;
    const account = this.#c.storage.accounts.cloudAccounts.get(cloudAccountId);
    if (account === undefined || !isSame(account.agent, agent)) return false;
    const known = this.#allowed.get(provider);
    const isAllowed = known ?? mayWorkFor(this.#c, { agent, provider });
    this.#allowed.set(provider, isAllowed);
    return isAllowed;
  }
}
