import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount } from '../core/accounts/provider.ts';
import type { EscrowId, JobId, OfferingId } from '../core/ids.ts';
import type { JobEvent } from '../core/jobs/job-report.ts';
import type { Rental } from '../core/rentals/rental.ts';
import { claimJobs, type ClaimedJob } from '../flows/jobs/claim-jobs.flow.ts';
import { startJob } from '../flows/jobs/job-queue.ts';
import { tickJobs } from '../flows/jobs/jobs-tasks.ts';
import { reportStep } from '../flows/jobs/report-step.flow.ts';
import { keepRental } from '../flows/rentals/keep-rental.ts';
import { asPerson, givenAccount, givenCloudAccount, givenProvider } from './accounts.fake.ts';
import { givenSettings } from './accounts.fake.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { CX23, termsOf } from './terms.fake.ts';

const TERM_NS = durationNs({ days: 30 });
const WITHIN_NS = durationNs({ minutes: 15 });

/** A rental that is paid and whose machine is being made. */
export interface Provisioning {
  readonly rentalId: RentalId;
  readonly jobId: JobId;
  readonly account: CloudAccount;
}

/** Ann rents a bare machine from Sam, whose agent is `bridge`; cx23 in fsn1, or else in nbg1. */
export function givenProvisioning(c: FakeCanister): Provisioning {
  givenSettings(c);
  const renter = givenAccount(c, 'ann').id;
  const provider = givenProvider(c, 'sam');
  const account = givenCloudAccount(c, provider, { agent: personCalled('bridge') });
  const at = c.runtime.now;
  const rentalId = c.storage.rentals.ids.next();
  const deadlineAt = after(at, WITHIN_NS);
  const ordered = { provider: provider.id, cloudAccountId: account.id, deadlineAt };
  const jobId = startJob(c, { task: { kind: 'provision', rentalId }, ...ordered });
  const rental: Rental = {
    id: rentalId,
    renter,
    payer: personCalled('ann'),
    provider: provider.id,
    cloudAccountId: account.id,
    offeringId: 5 as OfferingId,
    state: { kind: 'provisioning', since: at, deadlineAt },
    periods: [
      {
        escrowId: (1_000 + rentalId) as EscrowId,
        status: 'paid',
        termNs: TERM_NS,
        amount: 4_500_000n as TokenUnits,
        quoteExpiresAt: at,
        startedAt: undefined,
        factSeq: 0,
      },
    ],
    deployment: undefined,
    choiceIndex: 0,
    server: undefined,
    skippedVersion: undefined,
    dueAt: deadlineAt,
    createdAt: at,
    updatedAt: at,
  };
  const choices = [CX23, { ...CX23, location: 'nbg1' }];
  c.storage.rentals.terms.set(rentalId, termsOf(rental, { choices }));
  c.storage.rentals.configs.set(rentalId, {
    sshKeys: ['ssh-ed25519 AAAA ann'],
    inputs: { values: [], secretNames: [] },
    inputsBefore: undefined,
  });
  keepRental(c, { before: undefined, after: rental });
  return { rentalId, jobId, account };
}

/** Lets time pass and does what is due about jobs. */
export async function passSeconds(c: FakeCanister, seconds: number): Promise<void> {
  c.runtime.now = after(c.runtime.now, durationNs({ seconds }));
  tickJobs(c);
  while (await c.timers.fireNext());
}

/** Reports of one job in hand of `bridge`, numbered as they should be. */
export class FakeWorker {
  readonly #c: FakeCanister;
  readonly job: ClaimedJob;
  seq = 0;

  constructor(c: FakeCanister, job: ClaimedJob) {
    this.#c = c;
    this.job = job;
  }

  /** Claims the next job, which must be there. */
  static claim(c: FakeCanister): FakeWorker {
    const claimed = asPerson(c, 'bridge', () => claimJobs(c, { worker: 'one', max: 1 }));
    const [job] = claimed.kind === 'ok' ? claimed.value : [];
    if (job === undefined) throw new Error('there is no job to claim');
    return new FakeWorker(c, job);
  }

  /** One report; what is refused does not count. */
  tell(...events: readonly JobEvent[]): ReturnType<typeof reportStep> {
    const answer = this.#send(this.seq + 1, events);
    if (answer.kind === 'ok') this.seq += 1;
    return answer;
  }

  /** The last report once more. */
  repeat(...events: readonly JobEvent[]): ReturnType<typeof reportStep> {
    return this.#send(this.seq, events);
  }

  #send(seq: number, events: readonly JobEvent[]): ReturnType<typeof reportStep> {
    const { jobId, epoch } = this.job;
    const report = { jobId, epoch, seq, events };
    return asPerson(this.#c, 'bridge', () => reportStep(this.#c, report));
  }
}
