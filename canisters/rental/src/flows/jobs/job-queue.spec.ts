import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { JobId } from '../../core/ids.ts';
import type { JobTask } from '../../core/jobs/job.ts';
import {
  asPerson,
  givenAgent,
  givenCloudAccount,
  givenProvider,
} from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { claimJobs, type ClaimedJob } from './claim-jobs.flow.ts';
import { lookAtJob } from './job-due.ts';
import { addStep, cancelJobs, removeJobRows, startJob, wipeTraces } from './job-queue.ts';
import { jobBacklog, listStuckJobs } from './job-views.ts';
import { endJob, storedJob } from './job-moves.ts';

const RENTAL = 4 as RentalId;
const PROVISION: JobTask = { kind: 'provision', rentalId: RENTAL };
const TERMINATE: JobTask = { kind: 'terminate', rentalId: RENTAL };
const REBOOT: JobTask = { kind: 'power', rentalId: RENTAL, action: 'reboot' };

interface Shop {
  readonly c: FakeCanister;
  readonly account: CloudAccount;
  readonly start: (task: JobTask, notBefore?: TimestampNs) => JobId;
  readonly claim: (max: number, agent?: string) => readonly ClaimedJob[];
  readonly pass: (seconds: number) => void;
}

function shop(maxConcurrentJobs = 5): Shop {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  const account = givenCloudAccount(c, provider, { maxConcurrentJobs });
  const pass = (seconds: number) => {
    c.runtime.now = after(c.runtime.now, durationNs({ seconds }));
    for (const { id } of c.storage.jobs.due.due(c.runtime.now, 100)) lookAtJob(c, id);
  };
  const start = (task: JobTask, notBefore?: TimestampNs) => {
    const deadlineAt = after(c.runtime.now, durationNs({ hours: 2 }));
    const given = { provider: provider.id, cloudAccountId: account.id, deadlineAt, notBefore };
    return startJob(c, { task, ...given });
  };
  const claim = (max: number, agent = 'bridge') => {
    const claimed = asPerson(c, agent, () => claimJobs(c, { worker: 'one', max }));
    return claimed.kind === 'ok' ? claimed.value : expect.fail(claimed.error.message);
  };
  return { c, account, start, claim, pass };
}

describe('claimJobs', () => {
  it('gives deletes first, then what people wait for, then the rest', () => {
    const { start, claim } = shop();
    const kinds: readonly JobTask[] = [{ kind: 'refresh-catalogue' }, PROVISION, REBOOT, TERMINATE];
    for (const task of kinds) start(task);
    expect(claim(3).map(({ job }) => job)).toEqual(['terminate', 'provision', 'power']);
    expect(claim(3).map(({ job }) => job)).toEqual(['refresh-catalogue']);
    expect(claim(3)).toEqual([]);
  });

  it('says what was claimed, until when, and for the how-manieth time', () => {
    const { c, account, start, claim, pass } = shop();
    const jobId = start(PROVISION);
    claim(1);
    pass(30);
    expect(claim(1)).toEqual([
      {
        jobId,
        job: 'provision',
        rentalId: RENTAL,
        cloudAccountId: account.id,
        epoch: 2,
        leaseUntil: after(c.runtime.now, durationNs({ seconds: 25 })),
        attempts: 2,
      },
    ]);
  });

  it('finds a job whose worker died without waiting for the clock', () => {
    const { c, start, claim } = shop();
    start(PROVISION);
    claim(1);
    c.runtime.now = after(c.runtime.now, durationNs({ seconds: 25 }));
    expect(claim(1)).toHaveLength(1);
    const { rows } = c.storage.jobs.timelines.page(RENTAL, { order: 'oldest-first', limit: 5 });
    expect(rows.map(({ value }) => value.step)).toEqual(['worker-changed']);
  });

  it.each([
    [{ worker: 'one', max: 0 }, 'max'],
    [{ worker: 'one', max: 21 }, 'max'],
    [{ worker: '', max: 1 }, 'worker'],
    [{ worker: 'w'.repeat(65), max: 1 }, 'worker'],
    [{ worker: 'w\u001b[2J', max: 1 }, 'worker'],
  ])('refuses %j', (claim, argument) => {
    const { c } = shop();
    const refused = asPerson(c, 'bridge', () => claimJobs(c, claim));
    expect(refused).toMatchObject({ error: { leaf: { kind: 'invalid-argument', argument } } });
  });

  it('refuses who is no agent', () => {
    const { c } = shop();
    const refused = asPerson(c, 'stranger', () => claimJobs(c, { worker: 'one', max: 1 }));
    expect(refused).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
  });

  it('goes on behind many entries of jobs that were cancelled', () => {
    const { c, start, claim } = shop(50);
    for (let count = 0; count < 45; count += 1) start(REBOOT);
    cancelJobs(c, RENTAL);
    const jobId = start(PROVISION);
    expect(claim(1)).toEqual([]);
    expect(claim(1).map((row) => row.jobId)).toEqual([jobId]);
  });
});

describe('places of an account', () => {
  it('are never more than it takes at once, in the order of asking; deletes take none', () => {
    const { start, claim, pass, c } = shop(2);
    const first = start(PROVISION);
    const [second, third, fourth] = [
      start(REBOOT),
      start({ kind: 'refresh-catalogue' }),
      start(REBOOT),
    ];
    start(TERMINATE);
    expect(claim(20).map(({ job }) => job)).toEqual(['terminate', 'provision', 'power']);
    endJob(c, storedJob(c, second), { kind: 'done', at: c.runtime.now });
    expect(claim(20).map(({ jobId }) => jobId)).toEqual([fourth]);
    endJob(c, storedJob(c, first), { kind: 'done', at: c.runtime.now });
    pass(1);
    expect(claim(20).map(({ jobId }) => jobId)).toEqual([third]);
  });

  it('that are added are found by those who wait', () => {
    const { c, account, start, claim, pass } = shop(1);
    start(PROVISION);
    const waiting = start(REBOOT);
    expect(claim(20)).toHaveLength(1);
    c.storage.accounts.cloudAccounts.set(account.id, { ...account, maxConcurrentJobs: 2 });
    c.runtime.now = after(c.runtime.now, durationNs({ seconds: 20 }));
    expect(storedJob(c, waiting).state.kind).toBe('waiting');
    pass(40);
    expect(storedJob(c, waiting).state.kind).toBe('ready');
  });
});

describe('startJob', () => {
  it('lets nobody begin before the given time', () => {
    const { c, start, claim, pass } = shop();
    start(TERMINATE, after(c.runtime.now, durationNs({ seconds: 25 })));
    pass(24);
    expect(claim(1)).toEqual([]);
    pass(1);
    expect(claim(1)).toHaveLength(1);
  });

  it('leaves an account that nobody may work on, and goes on once somebody may', () => {
    const { c, account, start, claim, pass } = shop();
    const bridge = personCalled('bridge');
    c.storage.accounts.grants.remove([account.provider, bridge]);
    const jobId = start(PROVISION);
    expect(claim(5)).toEqual([]);
    givenAgent(c, givenProvider(c, 'seller'), { agent: bridge });
    pass(60);
    expect(claim(5).map((row) => row.jobId)).toEqual([jobId]);
  });

  it('follows an account to its new agent', () => {
    const { c, account, start, claim, pass } = shop();
    givenAgent(c, givenProvider(c, 'seller'), { agent: personCalled('other') });
    const [one, two] = [start(PROVISION), start(REBOOT)];
    c.storage.accounts.cloudAccounts.set(account.id, { ...account, agent: personCalled('other') });
    expect(claim(1)).toEqual([]);
    expect(claim(5, 'other').map(({ jobId }) => jobId)).toEqual([one, two]);
    pass(60);
    expect(claim(5)).toEqual([]);
  });
});

describe('cancelJobs', () => {
  it('says until when a worker may still act, and spares deletes', () => {
    const { c, start, claim } = shop();
    const deletion = start(TERMINATE);
    start(PROVISION);
    start(REBOOT);
    const rows = claim(2);
    c.runtime.now = after(c.runtime.now, durationNs({ seconds: 5 }));
    expect(cancelJobs(c, RENTAL)).toEqual({ workerMayActUntil: rows[1]?.leaseUntil });
    expect(storedJob(c, deletion).state.kind).toBe('leased');
    expect(cancelJobs(c, RENTAL)).toEqual({ workerMayActUntil: undefined });
  });

  it('knows that nobody acts on a lease that is over', () => {
    const { c, start, claim } = shop();
    start(PROVISION);
    claim(1);
    c.runtime.now = after(c.runtime.now, durationNs({ seconds: 25 }));
    expect(cancelJobs(c, RENTAL)).toEqual({ workerMayActUntil: undefined });
  });
});

describe('what is kept', () => {
  it('is the last 20 operations of a rental, and how it began', () => {
    const { c, start } = shop();
    const provision = start(PROVISION);
    const operations = Array.from({ length: 25 }, () => {
      const id = start(REBOOT);
      endJob(c, storedJob(c, id), { kind: 'done', at: c.runtime.now });
      return id;
    });
    const list = { kind: 'of-rental', of: RENTAL } as const;
    const kept = c.storage.jobs.links.page(list, { from: undefined, limit: 50 });
    expect(kept?.ids).toEqual([...operations.slice(5).reverse(), provision]);
  });

  it('is nothing once the archive has the rental', () => {
    const { c, start, claim } = shop();
    const jobId = start(PROVISION);
    for (let count = 0; count < 30; count += 1) start(REBOOT);
    claim(1);
    c.storage.jobs.logs.append(jobId, { offset: 0, bytes: new Uint8Array(9_000) });
    for (let count = 0; count < 40; count += 1) {
      addStep(c, RENTAL, { step: 'recipe-step', note: '', index: count, of: 40 });
    }
    cancelJobs(c, RENTAL);
    removeJobRows(c, RENTAL);
    const { jobs, links, timelines, logs, due } = c.storage.jobs;
    expect([jobs.size(), due.size(), timelines.length(RENTAL), logs.length(jobId)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(links.count({ kind: 'of-rental', of: RENTAL })).toBe(0);
  });

  it('are no addresses and credentials after a wipe', () => {
    const { c } = shop();
    const { connections, credentials } = c.storage.jobs;
    const at = c.runtime.now;
    credentials.set(RENTAL, { sealed: Uint8Array.of(1), at });
    wipeTraces(c, RENTAL);
    expect([connections.has(RENTAL), credentials.has(RENTAL)]).toEqual([false, false]);
  });
});

describe('what operators see', () => {
  it('is how much there is to do, and what nobody takes', () => {
    const { c, start, claim, pass } = shop(1);
    const ready = start(PROVISION);
    start(REBOOT);
    start(TERMINATE);
    claim(1);
    c.runtime.controllers = [personCalled('operator')];
    const backlog = asPerson(c, 'operator', () => jobBacklog(c));
    const rows = backlog.kind === 'ok' ? backlog.value : [];
    expect(rows.filter(({ waiting }) => waiting > 0).map(({ job }) => job)).toEqual(['power']);
    expect(rows.find(({ job }) => job === 'terminate')).toMatchObject({ leased: 1, ready: 0 });
    for (let minute = 0; minute < 7; minute += 1) pass(60);
    const stuck = asPerson(c, 'operator', () => listStuckJobs(c, { from: undefined, limit: 10 }));
    const ids = stuck.kind === 'ok' ? stuck.value.rows.map(({ id }) => id) : [];
    expect(ids).toContain(ready);
    expect(asPerson(c, 'seller', () => jobBacklog(c)).kind).toBe('err');
    expect(asPerson(c, 'seller', () => listStuckJobs(c, { from: undefined, limit: 1 })).kind).toBe(
      'err',
    );
  });
});
