import { IDL } from '@dfinity/candid';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromWire, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { fakeCanister } from '../../testing/fake-canister.fake.ts';
import { asPerson } from '../../testing/accounts.fake.ts';
import { FakeWorker, givenProvisioning } from '../../testing/provisioning.fake.ts';
import { getJob } from '../../flows/jobs/get-job.flow.ts';
import { readTimeline } from '../../flows/jobs/run-views.ts';
import * as any from '../../storage/jobs/job-values.arbitrary.ts';
import { resultOf } from './error-wire.ts';
import { jobReport } from './job-report-wire.ts';
import { jobWork } from './job-work-wire.ts';
import { jobPage, jobTask } from './job-wire.ts';
import { timelineView } from './run-wire.ts';

/** Through Candid and back. */
function sent<T>(wire: Wire<T>, value: T): T {
  return fromWire(wire, decoded(wire, value));
}

function decoded(wire: Wire<never>, value: unknown): unknown {
  const raw = wire.to(value as never);
  return IDL.decode([wire.type], IDL.encode([wire.type], [raw]))[0];
}

describe('jobs in Candid', () => {
  it('come through as they are', () => {
    fc.assert(
      fc.property(any.jobReport, any.jobTask, (report, task) => {
        expect(sent(jobReport, report)).toEqual(report);
        expect(sent(jobTask, task)).toEqual(task);
      }),
      { numRuns: 200 },
    );
  });

  it('are shown without what is inside business', () => {
    fc.assert(
      fc.property(any.job, (job) => {
        const hidden = { provider: undefined, reportSeq: undefined, queuedFor: undefined };
        const shown = { ...job, ...hidden, dueAt: undefined };
        const page = sent(jobPage, { rows: [job], next: undefined });
        expect(page).toEqual({ rows: [shown], next: undefined });
      }),
      { numRuns: 100 },
    );
  });

  it('are written for workers and for people', () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    const worker = FakeWorker.claim(c);
    worker.tell({ kind: 'step', step: 'booting', index: 0, of: 0, note: 'soon' });
    const work = asPerson(c, 'bridge', () => getJob(c, worker.job));
    expect(decoded(resultOf(jobWork), work)).toMatchObject({
      Ok: { task: { Provision: { rental_id: BigInt(rentalId) } }, rental: [{ choice_index: 0 }] },
    });
    const page = { order: 'oldest-first', limit: 5 } as const;
    const timeline = asPerson(c, 'ann', () => readTimeline(c, { rentalId, page }));
    expect(decoded(resultOf(timelineView), timeline)).toMatchObject({
      Ok: { page: { rows: [{ seq: 0n, value: { step: { Booting: null }, note: 'soon' } }] } },
    });
  });
});
