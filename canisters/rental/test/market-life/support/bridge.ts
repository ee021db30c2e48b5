import { expect } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { JobId } from '../../../src/core/ids.ts';
import type { JobEvent, JobReport, JobResult } from '../../../src/core/jobs/job-report.ts';
import type { ErrorClass } from '../../../src/core/jobs/job.ts';
import type { JobKind } from '../../../src/core/jobs/job-kinds.ts';
import { claimJobs, type ClaimedJob } from '../../../src/flows/jobs/claim-jobs.flow.ts';
import { getJob } from '../../../src/flows/jobs/get-job.flow.ts';
import { releaseJob, renewLeases } from '../../../src/flows/jobs/keep-leases.flow.ts';
import { reportStep } from '../../../src/flows/jobs/report-step.flow.ts';
import { asPerson } from '../../../src/testing/accounts.fake.ts';
import type { FakeCanister } from '../../../src/testing/fake-canister.fake.ts';
import type { Cloud } from './cloud.ts';

const CARD = {
  ipv4: '203.0.113.7',
  ipv6: '',
  sshUser: 'root',
  sshPort: 22,
  hostKeyFingerprint: 'SHA256:abc',
  hostKey: 'ssh-ed25519 AAAA',
  serviceUrl: '',
};

/** How a piece of work goes. */
export interface Luck {
  readonly trouble: ErrorClass | 'none';
  /** Of an upgrade. */
  readonly isHealthy: boolean;
  /** The canister hears the report, but the worker does not hear the answer. */
  readonly isAnswerLost: boolean;
}

export const GOOD_LUCK: Luck = { trouble: 'none', isHealthy: true, isAnswerLost: false };

/** A job that a worker believes to have in hand. */
export interface Hand {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly kind: JobKind;
  readonly rentalId: RentalId | undefined;
  leaseUntil: TimestampNs;
  seq: number;
  stage: number;
  /** Sent, and not answered. */
  unheard: JobReport | undefined;
}

export interface SentReport {
  readonly agent: string;
  readonly report: JobReport;
}

/** What all workers share. */
export interface Workplace {
  readonly canister: () => FakeCanister;
  readonly cloud: Cloud;
  readonly sent: SentReport[];
  /** True if that agent is the account's, and its seller lets it work now. */
  readonly mayWork: (agent: string, account: ClaimedJob['cloudAccountId']) => boolean;
  /** Rentals that somebody worked on. */
  readonly claimed: Set<RentalId>;
}

/**
 * One process of an agent, written from the rules alone: it looks before it acts, tells before it
 * pays, and touches the cloud only while the lease that it was told of lasts.
 */
export class Worker {
  readonly agent: string;
  readonly name: string;
  readonly #at: Workplace;
  hands: Hand[] = [];

  constructor(agent: string, number: number, at: Workplace) {
    this.agent = agent;
    this.name = `${agent}-${number}`;
    this.#at = at;
  }

  get #c(): FakeCanister {
    return this.#at.canister();
  }

  /** Undefined: this agent is refused. */
  claim(max: number): readonly ClaimedJob[] | undefined {
    const c = this.#c;
    const claimed = asPerson(c, this.agent, () => claimJobs(c, { worker: this.name, max }));
    if (claimed.kind === 'err') return undefined;
    expect(claimed.value.length).toBeLessThanOrEqual(max);
    for (const { jobId, epoch, job, rentalId, leaseUntil, cloudAccountId } of claimed.value) {
      expect(this.#at.mayWork(this.agent, cloudAccountId)).toBe(true);
      if (rentalId !== undefined) this.#at.claimed.add(rentalId);
      const start = { seq: 0, stage: 0, unheard: undefined };
      this.hands.push({ jobId, epoch, kind: job, rentalId, leaseUntil, ...start });
    }
    return claimed.value;
  }

  crash(): void {
    this.hands = [];
  }

  renew(): void {
    const c = this.#c;
    const leases = this.hands.map(({ jobId, epoch }) => ({ jobId, epoch }));
    const renewed = asPerson(c, this.agent, () => renewLeases(c, leases));
    if (renewed.kind === 'err') return;
    renewed.value.forEach(({ leaseUntil }, index) => {
      const hand = this.hands[index];
      if (hand !== undefined) hand.leaseUntil = leaseUntil ?? (0n as TimestampNs);
    });
    this.hands = this.hands.filter(({ leaseUntil }) => leaseUntil > 0n);
  }

  release(hand: Hand): void {
    const c = this.#c;
    const { jobId, epoch } = hand;
    if (hand.unheard !== undefined) return;
    asPerson(c, this.agent, () => releaseJob(c, { jobId, epoch }));
    this.#drop(hand);
  }

  /** The next step of a job; a worker that was refused, or whose lease is over, drops it. */
  step(hand: Hand, luck: Luck): void {
    if (hand.unheard !== undefined) {
      this.#send(hand, hand.unheard, { isAnswerLost: false });
      return;
    }
    if (hand.leaseUntil <= this.#c.runtime.now) {
      this.#drop(hand);
      return;
    }
    if (luck.trouble !== 'none' && isTroubleNow(hand)) {
      this.#tell(hand, luck, [problem(luck.trouble)]);
      return;
    }
    if (hand.kind === 'provision') this.#provision(hand, luck);
    else if (hand.kind === 'terminate') this.#terminate(hand, luck);
    else this.#operate(hand, luck);
  }

  /** All that is left of a job, if nothing gets in the way. */
  finish(hand: Hand, isHealthy = true): void {
    for (let steps = 0; steps < 10 && this.hands.includes(hand); steps += 1) {
      this.step(hand, { ...GOOD_LUCK, isHealthy });
    }
  }

  #provision(hand: Hand, luck: Luck): void {
    const { cloud } = this.#at;
    const rentalId = rentalIdOf(hand);
    const [known] = cloud.serversOf(rentalId);
    switch (hand.stage) {
      case 0: {
        const choiceIndex = this.#choiceOf(hand);
        if (choiceIndex === undefined) this.#drop(hand);
        else this.#tell(hand, luck, [{ kind: 'intent', choiceIndex, name: `dc-${rentalId}` }]);
        return;
      }
      case 1:
        if (known === undefined) cloud.create(rentalId);
        hand.stage += 1;
        return;
      case 2:
        if (known === undefined) this.#tell(hand, luck, [problem('unknown')]);
        else this.#tell(hand, luck, [{ kind: 'server', externalId: known.externalId }]);
        return;
      default:
        this.#tell(hand, luck, [
          { kind: 'step', step: 'ssh-reachable', index: 0, of: 0, note: '' },
          { kind: 'log', offset: 0, bytes: Uint8Array.of(104, 105, 10) },
          { kind: 'connection', card: CARD },
          { kind: 'credentials', sealed: new Uint8Array(40) },
          { kind: 'succeeded', result: { kind: 'ready' } },
        ]);
    }
  }

  #terminate(hand: Hand, luck: Luck): void {
    if (hand.stage === 0) {
      this.#at.cloud.deleteAllOf(rentalIdOf(hand));
      hand.stage += 1;
      return;
    }
    this.#tell(hand, luck, [{ kind: 'succeeded', result: { kind: 'gone' } }]);
  }

  #operate(hand: Hand, luck: Luck): void {
    if (hand.stage === 0) {
      hand.stage += 1;
      return;
    }
    this.#tell(hand, luck, [{ kind: 'succeeded', result: resultOf(hand.kind, luck) }]);
  }

  #choiceOf({ jobId, epoch }: Hand): number | undefined {
    const c = this.#c;
    const work = asPerson(c, this.agent, () => getJob(c, { jobId, epoch }));
    return work.kind === 'ok' ? work.value.rental?.choiceIndex : undefined;
  }

  #tell(hand: Hand, luck: Luck, events: readonly JobEvent[]): void {
    const { jobId, epoch, seq } = hand;
    this.#send(hand, { jobId, epoch, seq: seq + 1, events }, luck);
  }

  #send(hand: Hand, report: JobReport, { isAnswerLost }: Pick<Luck, 'isAnswerLost'>): void {
    const c = this.#c;
    this.#at.sent.push({ agent: this.agent, report });
    hand.unheard = report;
    const answer = asPerson(c, this.agent, () => reportStep(c, report));
    if (isAnswerLost) return;
    hand.unheard = undefined;
    if (answer.kind === 'err' || isLast(report)) {
      this.#drop(hand);
      return;
    }
    hand.seq = report.seq;
    hand.stage += 1;
    if (answer.value.leaseUntil === undefined) this.#drop(hand);
    else hand.leaseUntil = answer.value.leaseUntil;
  }

  #drop(hand: Hand): void {
    this.hands = this.hands.filter((one) => one !== hand);
  }
}

/** True if the worker may still change something at the cloud because of this job. */
export function mayAct({ leaseUntil, unheard }: Hand, now: TimestampNs): boolean {
  return leaseUntil > now && !(unheard !== undefined && isLast(unheard));
}

function isLast({ events }: JobReport): boolean {
  const kind = events.at(-1)?.kind;
  return kind === 'succeeded' || kind === 'problem';
}

function isTroubleNow({ kind, stage }: Hand): boolean {
  return kind !== 'provision' || stage !== 2;
}

function problem(errorClass: ErrorClass): JobEvent {
  return { kind: 'problem', class: errorClass, message: 'as it is', retryAfterMs: 0 };
}

function resultOf(kind: JobKind, { isHealthy }: Luck): JobResult {
  if (kind !== 'upgrade-recipe') return { kind: 'done' };
  return isHealthy ? { kind: 'upgraded' } : { kind: 'rolled-back', reason: 'Not healthy.' };
}

function rentalIdOf({ rentalId, kind }: Hand): RentalId {
  if (rentalId === undefined) throw new Error(`a ${kind} job has no rental`);
  return rentalId;
}
