import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { RentalStorage } from '../../storage/rental-storage.ts';
import { asPerson, givenCloudAccount, givenProvider } from '../../testing/accounts.fake.ts';
import { fakeCanister } from '../../testing/fake-canister.fake.ts';
import { claimJobs, type ClaimedJob } from './claim-jobs.flow.ts';
import { startJob } from './job-queue.ts';
import { reportStep } from './report-step.flow.ts';

/** What one call asks of stable memory while `jobs` jobs wait. */
function costsAt(jobs: number): { readonly claim: number; readonly report: number } {
  const stores = new Map<number, MemoryStableStore>();
  const open = (id: number): MemoryStableStore => {
    const store = stores.get(id) ?? new MemoryStableStore();
    stores.set(id, store);
    return store;
  };
  let c = { ...fakeCanister(), storage: new RentalStorage(open) };
  const provider = givenProvider(c, 'sam');
  const account = givenCloudAccount(c, provider, { maxConcurrentJobs: 50 });
  const deadlineAt = after(c.runtime.now, durationNs({ hours: 1 }));
  const where = { provider: provider.id, cloudAccountId: account.id, deadlineAt };
  for (let id = 0; id < jobs; id += 1) {
    startJob(c, { task: { kind: 'provision', rentalId: id as RentalId }, ...where });
  }
  // As after an upgrade: nothing is remembered on the heap.
  c = { ...c, storage: new RentalStorage(open) };
  const accesses = () => [...stores.values()].reduce((sum, one) => sum + one.reads + one.writes, 0);
  const costOf = (run: () => void): number => {
    const before = accesses();
    run();
    return accesses() - before;
  };
  const held: ClaimedJob[] = [];
  const claim = costOf(() => {
    const claimed = asPerson(c, 'bridge', () => claimJobs(c, { worker: 'one', max: 20 }));
    if (claimed.kind === 'ok') held.push(...claimed.value);
  });
  expect(held).toHaveLength(20);
  const report = costOf(() => {
    const { jobId, epoch } = present(held[0], 'a job in hand');
    const step = { kind: 'step', step: 'booting', index: 0, of: 0, note: '' } as const;
    const told = { jobId, epoch, seq: 1, events: [step] };
    expect(asPerson(c, 'bridge', () => reportStep(c, told)).kind).toBe('ok');
  });
  return { claim, report };
}

describe('the cost of jobs', () => {
  it('is the same however many there are', () => {
    const few = costsAt(25);
    expect(costsAt(2_000)).toEqual(few);
    expect(few.report).toBeLessThan(10);
  });
});
