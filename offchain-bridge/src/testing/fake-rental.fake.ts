import { present } from '@decent-cloud/domain/assert.ts';
import type { CloudAccountId, JobId, RentalId } from '../core/ids.ts';
import type { ErrorClass, JobEvent } from '../core/job-report.ts';
import type { ClaimedJob, JobKind, JobTask, JobWork, Lease, RentalWork } from '../core/job-work.ts';
import type { ReportOutcome } from '../ports/rental.port.ts';
import {
  checkReport,
  claimedOf,
  inQueue,
  isEnd,
  isOver,
  refusal,
  told,
  type FakeJob,
  type FakeJobState,
  type FakeRentalRow,
  type JobEnd,
} from './rental-rows.fake.ts';
import { afterProblem, type Trouble } from './retry-rules.fake.ts';

const LEASE_MS = 25_000;

/**
 * The rental canister as bridges see it, by its rules: one lease at a time, an epoch for each claim,
 * reports numbered without holes and taken in once, deletes first, retries by class, deadlines. Time is
 * what `nowMs` says. One account, whose agent everybody is.
 */
export class FakeRental {
  readonly accountId = 1 as CloudAccountId;
  readonly installation = 'test';
  readonly jobs = new Map<JobId, FakeJob>();
  readonly rentals = new Map<RentalId, FakeRentalRow>();
  readonly #nowMs: () => number;
  #order = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  rent(work: FakeRentalRow['work'], forMs = 1_800_000): FakeRentalRow {
    const id = (this.rentals.size + 1) as RentalId;
    const row: FakeRentalRow = {
      id,
      state: 'provisioning',
      choiceIndex: 0,
      server: undefined,
      card: undefined,
      sealed: undefined,
      work,
    };
    this.rentals.set(id, row);
    this.order({ kind: 'provision', rentalId: id }, { forMs });
    return row;
  }

  order(
    task: JobTask,
    when: { readonly forMs?: number; readonly notBeforeMs?: number } = {},
  ): FakeJob {
    const { forMs = 600_000, notBeforeMs = 0 } = when;
    const isLater = notBeforeMs > this.#nowMs();
    const job: FakeJob = {
      id: (this.jobs.size + 1) as JobId,
      task,
      deadlineAtMs: this.#nowMs() + forMs,
      state: isLater ? { kind: 'delayed', untilMs: notBeforeMs } : this.#ready(),
      holder: undefined,
      epoch: 0,
      seq: 0,
      attempts: 0,
      failures: 0,
      lastClass: undefined,
      choiceIndex: 0,
      log: new Uint8Array(),
      events: [],
    };
    this.jobs.set(job.id, job);
    return job;
  }

  /** The renter does not want it any more. */
  cancel(rentalId: RentalId): void {
    const row = this.rental(rentalId);
    if (row.state === 'provisioning' || row.state === 'active') this.#end(row);
  }

  /** What the canister's timer does. */
  tick(): void {
    for (const job of this.jobs.values()) {
      if (isOver(job)) continue;
      if (job.task.kind !== 'terminate' && job.deadlineAtMs <= this.#nowMs()) {
        this.#fail(job, job.lastClass ?? 'unknown');
      } else if (this.#untilMs(job) <= this.#nowMs()) {
        job.state = this.#ready();
      }
    }
  }

  claim(worker: string, max: number): readonly ClaimedJob[] {
    this.tick();
    return inQueue(this.jobs.values())
      .slice(0, max)
      .map((job) => {
        const untilMs = this.#leaseEndMs(job);
        job.state = { kind: 'leased', worker, untilMs };
        job.holder = { worker, mayActUntilMs: untilMs };
        job.epoch += 1;
        job.seq = 0;
        job.attempts += 1;
        return claimedOf(job, { account: this.accountId, untilMs });
      });
  }

  work(lease: Lease): JobWork | undefined {
    const job = this.#held(lease);
    if (job === undefined) return undefined;
    const row = 'rentalId' in job.task ? this.rental(job.task.rentalId) : undefined;
    return {
      ...lease,
      leaseUntilMs: this.#untilMs(job),
      task: job.task,
      attempts: job.attempts,
      deadlineAtMs: job.task.kind === 'terminate' ? undefined : job.deadlineAtMs,
      installation: this.installation,
      cloudAccountId: this.accountId,
      backend: 'hetzner',
      sealedCredentials: new TextEncoder().encode('token'),
      rental: row === undefined ? undefined : this.#rentalWork(job, row),
    };
  }

  renew(lease: Lease): number | undefined {
    const job = this.#held(lease);
    return job === undefined ? undefined : this.#renewed(job);
  }

  release(lease: Lease): boolean {
    const job = this.#held(lease);
    if (job !== undefined) {
      job.state = this.#ready();
      job.holder = undefined;
    }
    return job !== undefined;
  }

  report(lease: Lease, seq: number, events: readonly JobEvent[]): ReportOutcome {
    const job = this.job(lease.jobId);
    const held = this.#held(lease);
    if (lease.epoch === job.epoch && seq <= job.seq) {
      return { kind: 'taken', leaseUntilMs: held && this.#untilMs(held) };
    }
    if (held === undefined) return { kind: 'stale' };
    if (seq !== job.seq + 1) throw refusal('OutOfOrder');
    const row = 'rentalId' in job.task ? this.rental(job.task.rentalId) : undefined;
    checkReport(job, row, events);
    job.seq = seq;
    this.#renewed(job);
    for (const event of events) {
      if (job.state.kind === 'leased') this.#take(job, event);
    }
    if (events.some(isEnd)) job.holder = undefined;
    const { state } = job;
    return { kind: 'taken', leaseUntilMs: state.kind === 'leased' ? state.untilMs : undefined };
  }

  /** Whether that process may act for a rental now. */
  mayAct(worker: string, rentalId: RentalId): boolean {
    return [...this.jobs.values()].some(
      ({ task, holder }) =>
        'rentalId' in task &&
        task.rentalId === rentalId &&
        holder?.worker === worker &&
        holder.mayActUntilMs > this.#nowMs(),
    );
  }

  job(id: JobId): FakeJob {
    return present(this.jobs.get(id), 'a job of the market');
  }

  rental(id: RentalId): FakeRentalRow {
    return present(this.rentals.get(id), 'a rental of the market');
  }

  /** The last job of that kind of a rental. */
  jobOf(rentalId: RentalId, kind: JobKind): FakeJob {
    const all = [...this.jobs.values()].filter(
      ({ task }) => task.kind === kind && 'rentalId' in task && task.rentalId === rentalId,
    );
    return present(all.at(-1), `a ${kind} job of the rental`);
  }

  #take(job: FakeJob, event: JobEvent): void {
    job.events.push(event);
    if (isEnd(event)) {
      this.#takeEnd(job, event);
      return;
    }
    if (event.kind === 'log') {
      const fresh = event.bytes.subarray(job.log.length - event.offset);
      job.log = Uint8Array.from([...job.log, ...fresh]);
    }
    if (!('rentalId' in job.task)) return;
    const row = this.rental(job.task.rentalId);
    Object.assign(row, told(row, event, job.task.kind));
  }

  #takeEnd(job: FakeJob, event: JobEnd): void {
    if (event.kind === 'problem') {
      this.#meet(job, { class: event.class, retryAfterMs: event.retryAfterMs });
      return;
    }
    job.state = { kind: 'done', result: event.result.kind };
    if (!('rentalId' in job.task)) return;
    const row = this.rental(job.task.rentalId);
    if (event.result.kind === 'ready') row.state = 'active';
    if (event.result.kind === 'gone') {
      row.state = 'closed';
      row.server = undefined;
    }
  }

  #meet(job: FakeJob, trouble: Trouble): void {
    const row = 'rentalId' in job.task ? this.rental(job.task.rentalId) : undefined;
    const next = afterProblem(job, trouble, row?.work.choices.length ?? 1);
    job.failures = next.failures;
    job.choiceIndex = next.choiceIndex;
    job.lastClass = trouble.class;
    if (next.kind === 'fail') this.#fail(job, next.class);
    else if (next.afterMs === 0) job.state = this.#ready();
    else job.state = { kind: 'delayed', untilMs: this.#nowMs() + next.afterMs };
  }

  #fail(job: FakeJob, errorClass: ErrorClass): void {
    job.state = { kind: 'failed', class: errorClass };
    if (job.task.kind === 'provision') this.#end(this.rental(job.task.rentalId));
  }

  /** Jobs are cancelled; the delete waits until nobody acts any more on what it read before. */
  #end(row: FakeRentalRow): void {
    row.state = 'ending';
    let notBeforeMs = 0;
    for (const job of this.jobs.values()) {
      const isHere = 'rentalId' in job.task && job.task.rentalId === row.id;
      if (!isHere || isOver(job) || job.task.kind === 'terminate') continue;
      if (job.state.kind === 'leased') notBeforeMs = Math.max(notBeforeMs, job.state.untilMs);
      job.state = { kind: 'cancelled' };
    }
    this.order({ kind: 'terminate', rentalId: row.id }, { notBeforeMs });
  }

  #rentalWork(job: FakeJob, row: FakeRentalRow): RentalWork {
    return {
      ...row.work,
      rentalId: row.id,
      choiceIndex: job.task.kind === 'provision' ? job.choiceIndex : row.choiceIndex,
      server: row.server && { ...row.server, intendedAtMs: 0 },
      card: row.card,
      logBytes: job.log.length,
      previousInputs: undefined,
      sealedSecrets: undefined,
      previousSecrets: undefined,
    };
  }

  #held({ jobId, epoch }: Lease): FakeJob | undefined {
    const job = this.job(jobId);
    const isHeld = job.state.kind === 'leased' && job.epoch === epoch;
    return isHeld && this.#untilMs(job) > this.#nowMs() ? job : undefined;
  }

  #renewed(job: FakeJob): number {
    const untilMs = this.#leaseEndMs(job);
    if (job.state.kind === 'leased') {
      const { worker } = job.state;
      job.state = { kind: 'leased', worker, untilMs };
      job.holder = { worker, mayActUntilMs: untilMs };
    }
    return untilMs;
  }

  #leaseEndMs({ task, deadlineAtMs }: FakeJob): number {
    const endMs = this.#nowMs() + LEASE_MS;
    return task.kind === 'terminate' ? endMs : Math.min(endMs, deadlineAtMs);
  }

  #untilMs({ state }: FakeJob): number {
    return state.kind === 'leased' || state.kind === 'delayed'
      ? state.untilMs
      : Number.POSITIVE_INFINITY;
  }

  #ready(): FakeJobState {
    this.#order += 1;
    return { kind: 'ready', order: this.#order };
  }
}
