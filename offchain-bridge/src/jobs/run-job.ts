import type { AccountSessions } from '../accounts/account-sessions.ts';
import type { ErrorClass, JobEvent, JobResult } from '../core/job-report.ts';
import type { JobTiming } from '../core/job-timing.ts';
import type { ClaimedJob, JobWork } from '../core/job-work.ts';
import { deadlineMs } from '../core/lease-time.ts';
import { WorkError } from '../core/work-error.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { HeldLease } from '../workers/held-lease.ts';
import { messageOf } from '../workers/periodic.ts';
import { linkedSignal, pause } from './abortable.ts';
import { fencedCloud } from './fenced-cloud.ts';
import { Draining, type JobContext } from './job-context.ts';
import { JobReporter, ReportRefused } from './job-reporter.ts';
import type { MachineWork } from '../ports/machine-work.port.ts';
import { power } from './power.ts';
import { isFault, problemOf } from './problem-of.ts';
import { provision } from './provision.ts';
import { readWork } from './read-work.ts';
import { refreshCatalogue } from './refresh-catalogue.ts';
import { rotateSshKeys } from './rotate-ssh-keys.ts';
import { terminate } from './terminate.ts';
import { upgradeRecipe } from './upgrade-recipe.ts';
import { validateAccount } from './validate-account.ts';

export interface JobDeps {
  readonly rental: Pick<
    RentalPort,
    'getJob' | 'reportStep' | 'releaseJob' | 'publishCatalogue' | 'clockOffsetMs'
  >;
  readonly sessions: Pick<AccountSessions, 'use'>;
  readonly machines: MachineWork;
  readonly clock: Clock;
  readonly timing: JobTiming;
  readonly log: Log;
  readonly metrics: Metrics;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Aborted with a `Draining` when the bridge is to stop. */
  readonly draining: AbortSignal;
}

/** A job that was claimed by a call sent at that monotonic time. */
export interface JobInHand {
  readonly claimed: ClaimedJob;
  readonly sentAtMs: number;
  readonly held: HeldLease;
  /** The lease is not renewed any more. */
  readonly stopRenewing: () => void;
}

export type JobOutcome = 'succeeded' | 'lost' | 'released' | ErrorClass;

/** What is reported when the time is over this much before the deadline: the reason is still heard. */
const REPORT_MS = 4_000;

/** Works on a job until it ends, is given back or is lost. Never rejects. */
export async function runJob(deps: JobDeps, job: JobInHand): Promise<JobOutcome> {
  const { jobId, kind, rentalId } = job.claimed;
  const log = deps.log.child({ job: jobId, kind, rental: rentalId });
  const run = new JobRun({ ...deps, log }, job);
  try {
    return await run.toTheEnd();
  } catch (error) {
    if (!job.held.signal.aborted) log.error({ error: messageOf(error) }, 'a job was dropped');
    return 'lost';
  } finally {
    job.stopRenewing();
    job.held.lose('the job has ended');
  }
}

class JobRun {
  readonly #deps: JobDeps;
  readonly #job: JobInHand;
  readonly #reporter: JobReporter;

  constructor(deps: JobDeps, job: JobInHand) {
    this.#deps = deps;
    this.#job = job;
    this.#reporter = new JobReporter(deps, job.held);
  }

  async toTheEnd(): Promise<JobOutcome> {
    const { held } = this.#job;
    try {
      const work = await readWork(this.#deps, held);
      return await this.#work(work);
    } catch (error) {
      if (held.signal.aborted) return 'lost';
      if (error instanceof Draining) return this.#giveBack();
      return this.#tellProblem(error);
    }
  }

  async #work(work: JobWork): Promise<JobOutcome> {
    const { held } = this.#job;
    const { leaseUntilMs } = this.#job.claimed;
    const { deadlineAtMs } = work;
    const endMs = deadlineMs({ sentAtMs: this.#job.sentAtMs, leaseUntilMs, deadlineAtMs });
    const deadline = new AbortController();
    const linked = linkedSignal([held.signal, this.#deps.draining, deadline.signal]);
    try {
      this.#watchDeadline(deadline, endMs);
      const context = await this.#contextOf(work, { signal: linked.signal, deadlineMs: endMs });
      const result = await dispatch(context);
      await this.#tellLast({ kind: 'succeeded', result });
      return 'succeeded';
    } catch (error) {
      // Whatever broke off because of the signal ended for the signal's reason.
      throw linked.signal.aborted ? linked.signal.reason : error;
    } finally {
      linked.unlink();
      deadline.abort();
    }
  }

  #watchDeadline(deadline: AbortController, endMs: number | undefined): void {
    if (endMs === undefined) return;
    const leftMs = endMs - REPORT_MS - this.#deps.clock.monotonicMs();
    // The canister knows why it failed before; there is nothing to add.
    if (leftMs <= 0) this.#job.held.lose('it was claimed too late to do anything');
    const over = new WorkError('transient', 'There was no time left to finish it.');
    void pause(this.#deps.clock, leftMs, deadline.signal).then(() => deadline.abort(over));
  }

  async #contextOf(
    work: JobWork,
    time: Pick<JobContext, 'signal' | 'deadlineMs'>,
  ): Promise<JobContext> {
    const { held } = this.#job;
    const { sessions, clock, timing, log, metrics, machines, rental } = this.#deps;
    const { cloudAccountId: id, backend, sealedCredentials } = work;
    const cloud = fencedCloud(await sessions.use({ id, backend, sealedCredentials }), held);
    const reporter = this.#reporter;
    const parts = { cloud, machines, rental, reporter, held, clock, timing, log, metrics };
    time.signal.throwIfAborted();
    return { ...parts, ...time, work, leaseSignal: held.signal };
  }

  async #tellLast(event: JobEvent): Promise<void> {
    this.#job.stopRenewing();
    await this.#reporter.tellNow(event);
  }

  async #tellProblem(error: unknown): Promise<JobOutcome> {
    const { log } = this.#deps;
    const problem = problemOf(error);
    if (isFault(error)) log.error({ error: messageOf(error) }, 'a fault of the bridge');
    else log.warn({ class: problem.class, error: problem.message }, 'a job met a problem');
    await this.#untilTaken();
    await this.#tellLast(problem);
    return problem.class;
  }

  /** What was refused before does not keep the problem from being told. */
  async #untilTaken(): Promise<void> {
    try {
      await this.#reporter.taken();
    } catch (error) {
      if (!(error instanceof ReportRefused)) throw error;
      this.#deps.log.warn({ error: error.message }, 'a report was refused');
    }
  }

  /** If that is not heard the lease ends by itself. */
  async #giveBack(): Promise<JobOutcome> {
    const { held } = this.#job;
    await this.#untilTaken();
    this.#job.stopRenewing();
    held.check();
    await this.#deps.rental.releaseJob(held.lease);
    return 'released';
  }
}

function dispatch(context: JobContext): Promise<JobResult> {
  switch (context.work.task.kind) {
    case 'provision':
      return provision(context);
    case 'terminate':
      return terminate(context);
    case 'upgrade-recipe':
      return upgradeRecipe(context);
    case 'power':
      return power(context);
    case 'rotate-ssh-keys':
      return rotateSshKeys(context);
    case 'validate-account':
      return validateAccount(context);
    case 'refresh-catalogue':
      return refreshCatalogue(context);
  }
}
