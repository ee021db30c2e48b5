import { expect } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount, Provider } from '../core/accounts/provider.ts';
import type { JobId } from '../core/ids.ts';
import type { JobReport } from '../core/jobs/job-report.ts';
import type { ErrorClass, Job, JobTask } from '../core/jobs/job.ts';
import { isLive } from '../core/jobs/job-kinds.ts';
import { claimJobs, type ClaimedJob } from '../flows/jobs/claim-jobs.flow.ts';
import { lookAtJob } from '../flows/jobs/job-due.ts';
import { cancelJobs, startJob } from '../flows/jobs/job-queue.ts';
import { releaseJob, renewLeases } from '../flows/jobs/keep-leases.flow.ts';
import { reportStep } from '../flows/jobs/report-step.flow.ts';
import { asPerson, givenAgent, givenCloudAccount, givenProvider } from './accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from './fake-canister.fake.ts';
import {
  AGENTS,
  endingOf,
  LeaseTruths,
  type AgentName,
  type TrueLease,
} from './lease-truth.fake.ts';

const FOR_EVER = timestampNs(2n ** 63n);
const LONGEST_RECHECK_SECONDS = 80;

/** A process of an agent. */
export interface WorkerName {
  readonly agent: AgentName;
  readonly number: number;
}

/** What a worker believes to have in hand. */
interface InHand {
  readonly jobId: JobId;
  readonly epoch: number;
  seq: number;
}

interface Sent {
  readonly agent: AgentName;
  readonly report: JobReport;
}

type Taken = 'new' | 'duplicate' | 'refused';

/**
 * Two agents with two workers each at two accounts of one seller. Every answer of the canister is
 * compared with the rules: who holds which lease until when, which epoch and report is next.
 */
export class JobWorld {
  c: FakeCanister = fakeCanister();
  readonly #seller: Provider;
  readonly #accounts: readonly CloudAccount['id'][];
  readonly #truths = new LeaseTruths();
  readonly #hands = new Map<string, InHand[]>();
  readonly #sent: Sent[] = [];
  readonly claimedEver = new Set<JobId>();

  constructor() {
    this.#seller = givenProvider(this.c, 'seller');
    this.#accounts = AGENTS.map((name) => {
      const given = { agent: personCalled(name), maxConcurrentJobs: 2 };
      return givenCloudAccount(this.c, this.#seller, given).id;
    });
  }

  get now(): TimestampNs {
    return this.c.runtime.now;
  }

  start(
    task: JobTask,
    given: { readonly account: number; readonly delaySeconds: number; readonly forSeconds: number },
  ): void {
    const deadlineAt = after(this.now, durationNs({ seconds: given.forSeconds }));
    const notBefore = after(this.now, durationNs({ seconds: given.delaySeconds }));
    const cloudAccountId = present(this.#accounts[given.account], 'an account of the world');
    const provider = this.#seller.id;
    const id = startJob(this.c, { task, provider, cloudAccountId, deadlineAt, notBefore });
    this.#truths.add(id, { deadlineAt, task });
  }

  claim(worker: WorkerName, max: number): readonly ClaimedJob[] {
    const claim = { worker: nameOf(worker), max };
    const claimed = asPerson(this.c, worker.agent, () => claimJobs(this.c, claim));
    expect(claimed.kind).toBe('ok');
    const rows = claimed.kind === 'ok' ? claimed.value : [];
    expect(rows.length).toBeLessThanOrEqual(this.#isGranted(worker.agent) ? max : 0);
    const isDelete = rows.map(({ job }) => job === 'terminate');
    expect(isDelete).toEqual([...isDelete].sort((a, b) => Number(b) - Number(a)));
    for (const row of rows) this.#handOut(worker, row);
    return rows;
  }

  renew(worker: WorkerName): void {
    const held = this.#handsOf(worker);
    const leases = held.map(({ jobId, epoch }) => ({ jobId, epoch }));
    const renewals = asPerson(this.c, worker.agent, () => renewLeases(this.c, leases));
    expect(renewals.kind).toBe('ok');
    for (const inHand of held) this.#renewed(this.#trueLease(worker, inHand), inHand.jobId);
    const expected = held.map((inHand) => {
      const leaseUntil = this.#trueLease(worker, inHand)?.until;
      return { jobId: inHand.jobId, leaseUntil };
    });
    expect(renewals).toEqual({ kind: 'ok', value: expected });
  }

  release(worker: WorkerName, pick: number): void {
    const inHand = this.#picked(worker, pick);
    if (inHand === undefined) return;
    const { jobId, epoch } = inHand;
    const isHeld = this.#trueLease(worker, inHand) !== undefined;
    const released = asPerson(this.c, worker.agent, () => releaseJob(this.c, { jobId, epoch }));
    expect(released.kind).toBe(isHeld ? 'ok' : 'err');
    if (isHeld) this.#truths.of(jobId).lease = undefined;
    this.#drop(worker, inHand);
  }

  /** A report with the next number, or with one that leaves a hole. */
  tell(worker: WorkerName, pick: number, told: { readonly skip: boolean }): void {
    const inHand = this.#picked(worker, pick);
    if (inHand === undefined) return;
    const seq = inHand.seq + (told.skip ? 2 : 1);
    if (this.#send(worker.agent, { ...inHand, seq, events: [] }) === 'new') inHand.seq = seq;
  }

  /** What ends a lease: trouble, or success where no rental is needed for it. */
  finish(worker: WorkerName, pick: number, errorClass: ErrorClass | 'none'): void {
    const inHand = this.#picked(worker, pick);
    if (inHand === undefined) return;
    const event = endingOf(this.#truths.of(inHand.jobId).task, errorClass);
    this.#send(worker.agent, { ...inHand, seq: inHand.seq + 1, events: [event] });
    this.#drop(worker, inHand);
  }

  /** A report that was sent once comes again, late or for the first time. */
  resend(pick: number): void {
    const old = this.#sent[pick % Math.max(this.#sent.length, 1)];
    if (old === undefined) return;
    const before = this.#row(old.report.jobId);
    if (this.#send(old.agent, old.report) !== 'new') {
      expect(this.#row(old.report.jobId)).toEqual(before);
    }
  }

  crash(worker: WorkerName): void {
    this.#hands.delete(nameOf(worker));
  }

  cancel(rentalId: RentalId): void {
    const workerMayActUntil = this.#truths.cancel(rentalId, this.now);
    expect(cancelJobs(this.c, rentalId)).toEqual({ workerMayActUntil });
  }

  pass(seconds: number): void {
    this.c.runtime.now = after(this.now, durationNs({ seconds }));
  }

  tick(): void {
    for (const { id } of this.c.storage.jobs.due.due(this.now, 100)) lookAtJob(this.c, id);
  }

  upgrade(): void {
    this.c = this.c.upgraded();
  }

  moveAccount(account: number, agent: AgentName): void {
    this.#changeAccount(account, { agent: personCalled(agent) });
  }

  /** Jobs that wait for a place are looked at again and again, so that new places are found. */
  setPlaces(account: number, maxConcurrentJobs: number): void {
    this.#changeAccount(account, { maxConcurrentJobs });
    this.pass(LONGEST_RECHECK_SECONDS);
    this.tick();
  }

  grant(agent: AgentName): void {
    givenAgent(this.c, this.#seller, { agent: personCalled(agent) });
  }

  revoke(agent: AgentName): void {
    this.c.storage.accounts.grants.remove([this.#seller.id, personCalled(agent)]);
  }

  liveJobs(): readonly Job[] {
    const jobs = this.#truths.ids().map((id) => this.#row(id));
    return jobs.filter((job): job is Job => job !== undefined && isLive(job.state));
  }

  accounts(): readonly CloudAccount[] {
    const { cloudAccounts } = this.c.storage.accounts;
    return this.#accounts.map((id) => present(cloudAccounts.get(id), 'an account of the world'));
  }

  dueEntries(): readonly { readonly id: JobId; readonly dueAtNs: TimestampNs }[] {
    return this.c.storage.jobs.due.due(FOR_EVER, 10_000);
  }

  #handOut(worker: WorkerName, { jobId, epoch, leaseUntil }: ClaimedJob): void {
    const truth = this.#truths.of(jobId);
    expect(truth.isCancelled).toBe(false);
    expect(truth.lease?.until ?? 0n).toBeLessThanOrEqual(this.now);
    expect(epoch).toBe(truth.epoch + 1);
    truth.epoch = epoch;
    truth.seqTaken = 0;
    truth.lease = { agent: worker.agent, until: this.#truths.leaseEnd(jobId, this.now) };
    expect(leaseUntil).toBe(truth.lease.until);
    expect(leaseUntil).toBeGreaterThan(this.now);
    this.claimedEver.add(jobId);
    this.#handsOf(worker).push({ jobId, epoch, seq: 0 });
  }

  #send(agent: AgentName, report: JobReport): Taken {
    this.#sent.push({ agent, report });
    const expected = this.#expectedAnswer(agent, report);
    const answer = asPerson(this.c, agent, () => reportStep(this.c, report));
    expect(answer).toMatchObject(expected);
    if (answer.kind === 'err') return 'refused';
    if (answer.value.isDuplicate) return 'duplicate';
    const truth = this.#truths.of(report.jobId);
    truth.seqTaken = report.seq;
    this.#renewed(truth.lease, report.jobId);
    const [event] = report.events;
    if (event?.kind === 'problem' || event?.kind === 'succeeded') truth.lease = undefined;
    expect(answer.value.leaseUntil).toBe(truth.lease?.until);
    return 'new';
  }

  #expectedAnswer(agent: AgentName, report: JobReport): object {
    const { jobId, epoch, seq } = report;
    const truth = this.#truths.of(jobId);
    const refused = (leaf: object) => ({ kind: 'err', error: { kind: 'request', leaf } });
    if (this.#row(jobId) === undefined) return refused({ kind: 'not-found' });
    if (!this.#isGranted(agent)) return refused({ kind: 'not-allowed' });
    if (epoch === truth.epoch && seq <= truth.seqTaken) return { value: { isDuplicate: true } };
    const isHeld = this.#truths.isHeldBy(agent, { jobId, epoch, now: this.now });
    if (!isHeld) return refused({ kind: 'stale-lease' });
    const next = truth.seqTaken + 1;
    if (seq !== next) return refused({ kind: 'out-of-order', expected: next });
    return { value: { isDuplicate: false } };
  }

  #renewed(lease: TrueLease | undefined, id: JobId): void {
    if (lease !== undefined) lease.until = this.#truths.leaseEnd(id, this.now);
  }

  #trueLease({ agent }: WorkerName, { jobId, epoch }: InHand): TrueLease | undefined {
    const isHeld = this.#truths.isHeldBy(agent, { jobId, epoch, now: this.now });
    return isHeld && this.#isGranted(agent) ? this.#truths.of(jobId).lease : undefined;
  }

  #isGranted(agent: AgentName): boolean {
    return this.c.storage.accounts.grants.has([this.#seller.id, personCalled(agent)]);
  }

  #picked(worker: WorkerName, pick: number): InHand | undefined {
    const held = this.#handsOf(worker);
    return held[pick % Math.max(held.length, 1)];
  }

  #handsOf(worker: WorkerName): InHand[] {
    const held = this.#hands.get(nameOf(worker)) ?? [];
    this.#hands.set(nameOf(worker), held);
    return held;
  }

  #drop(worker: WorkerName, inHand: InHand): void {
    const rest = this.#handsOf(worker).filter((one) => one !== inHand);
    this.#hands.set(nameOf(worker), rest);
  }

  #changeAccount(account: number, change: Partial<CloudAccount>): void {
    const known = present(this.accounts()[account], 'an account of the world');
    this.c.storage.accounts.cloudAccounts.set(known.id, { ...known, ...change });
  }

  #row(id: JobId): Job | undefined {
    return this.c.storage.jobs.jobs.get(id);
  }
}

function nameOf({ agent, number }: WorkerName): string {
  return `${agent}-${number}`;
}
