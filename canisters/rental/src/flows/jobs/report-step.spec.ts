import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { JobEvent } from '../../core/jobs/job-report.ts';
import type { ErrorClass, StepName } from '../../core/jobs/job.ts';
import type { Operation, Rental } from '../../core/rentals/rental.ts';
import { asPerson } from '../../testing/accounts.fake.ts';
import { fakeCanister, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { FakeWorker, givenProvisioning, passSeconds } from '../../testing/provisioning.fake.ts';
import { myNotifications } from '../notifications/read-notifications.flow.ts';
import { applyRentalEvent } from '../rentals/apply-event.ts';
import { validateCloudAccount } from './account-jobs.flow.ts';
import { startJob } from './job-queue.ts';
import { storedJob } from './job-moves.ts';

const card: JobEvent = {
  kind: 'connection',
  card: {
    ipv4: '203.0.113.7',
    ipv6: '',
    sshUser: 'root',
    sshPort: 22,
    hostKeyFingerprint: 'SHA256:x',
    hostKey: 'ssh-ed25519 AAAA',
    serviceUrl: '',
  },
};
const intent: JobEvent = { kind: 'intent', choiceIndex: 0, name: 'dc-abc' };
const server: JobEvent = { kind: 'server', externalId: '77' };
const ready: JobEvent = { kind: 'succeeded', result: { kind: 'ready' } };
const step = (name: StepName): JobEvent => ({
  kind: 'step',
  step: name,
  index: 0,
  of: 0,
  note: '',
});
const problem = (errorClass: ErrorClass): JobEvent => ({
  kind: 'problem',
  class: errorClass,
  message: 'raw text of the cloud',
  retryAfterMs: 0,
});
const log = (offset: number, text: string): JobEvent => ({
  kind: 'log',
  offset,
  bytes: new TextEncoder().encode(text),
});

function rentalOf(c: FakeCanister, id: RentalId): Rental {
  return present(c.storage.rentals.rentals.get(id), 'the rental of the test');
}

function stepsOf(c: FakeCanister, id: RentalId): readonly StepName[] {
  const page = c.storage.jobs.timelines.page(id, { order: 'oldest-first', limit: 100 });
  return page.rows.map(({ value }) => value.step);
}

function lastNote(c: FakeCanister, id: RentalId, name: StepName): string | undefined {
  const page = c.storage.jobs.timelines.page(id, { order: 'newest-first', limit: 100 });
  return page.rows.find(({ value }) => value.step === name)?.value.note;
}

/** A machine that is ready. */
function givenReady(c: FakeCanister) {
  const made = givenProvisioning(c);
  FakeWorker.claim(c).tell(intent, server, card, ready);
  return made;
}

function withOperation(c: FakeCanister, rentalId: RentalId, action: 'off' | 'on'): void {
  const { provider, cloudAccountId } = rentalOf(c, rentalId);
  const deadlineAt = after(c.runtime.now, durationNs({ minutes: 10 }));
  const task = { kind: 'power', rentalId, action } as const;
  const jobId = startJob(c, { task, provider, cloudAccountId, deadlineAt });
  const since = c.runtime.now;
  const operation: Operation = { kind: 'power', action, jobId, since, deadlineAt };
  expect(applyRentalEvent(c, rentalId, { kind: 'operation-started', operation }).kind).toBe('ok');
}

describe('reportStep', () => {
  it('takes a machine from the intent to ready, with its timeline and usual times', async () => {
    const c = fakeCanister();
    const { rentalId, jobId } = givenProvisioning(c);
    c.storage.jobs.timelines.append(rentalId, {
      step: 'paid',
      at: c.runtime.now,
      index: 0,
      of: 0,
      note: '',
    });
    const worker = FakeWorker.claim(c);
    expect(worker.tell(intent)).toMatchObject({ value: { isDuplicate: false } });
    expect(rentalOf(c, rentalId).server).toMatchObject({ name: 'dc-abc', externalId: undefined });
    await passSeconds(c, 4);
    worker.tell(server, step('booting'), log(0, 'hello '));
    await passSeconds(c, 9);
    worker.tell(step('ssh-reachable'), log(3, 'lo world'), card);
    worker.tell({ kind: 'credentials', sealed: Uint8Array.of(1, 2) }, step('health-passed'));
    expect(worker.tell(ready)).toEqual({
      kind: 'ok',
      value: { isDuplicate: false, leaseUntil: undefined },
    });
    expect(rentalOf(c, rentalId).state).toMatchObject({ kind: 'active', since: c.runtime.now });
    expect(stepsOf(c, rentalId)).toEqual([
      'paid',
      'server-created',
      'booting',
      'ssh-reachable',
      'health-passed',
      'ready',
    ]);
    const { logs, connections, credentials, usualTimes } = c.storage.jobs;
    const piece = logs.read(jobId, { offset: 0, limit: 100 });
    expect(new TextDecoder().decode(piece.bytes)).toBe('hello world');
    expect(connections.get(rentalId)?.card.ipv4).toBe('203.0.113.7');
    expect(credentials.get(rentalId)?.sealed).toEqual(Uint8Array.of(1, 2));
    expect(usualTimes.get(['hetzner', 'server-created'])).toEqual({ recent: [4], seconds: 4 });
    expect(usualTimes.get(['hetzner', 'ssh-reachable'])).toEqual({ recent: [9], seconds: 9 });
  });

  it('takes a report once, also the last one of a job', () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    const worker = FakeWorker.claim(c);
    worker.tell(intent, server, card, ready);
    const before = rentalOf(c, rentalId);
    expect(worker.repeat(intent, server, card, ready)).toEqual({
      kind: 'ok',
      value: { isDuplicate: true, leaseUntil: undefined },
    });
    expect(rentalOf(c, rentalId)).toEqual(before);
    expect(worker.tell(step('booting'))).toMatchObject({
      error: { leaf: { kind: 'stale-lease' } },
    });
  });

  it.each([
    ['a hole in the log', [step('booting'), log(5, 'x')], { kind: 'out-of-order', expected: 0 }],
    ['a server before its intent', [step('booting'), server], { kind: 'wrong-state' }],
    ['a machine that nobody can reach', [intent, server, ready], { argument: 'events' }],
    ['another choice', [{ ...intent, choiceIndex: 1 }], { argument: 'choice_index' }],
    ['an end that is not last', [problem('quota'), step('booting')], { argument: 'events' }],
    ['what only the canister writes', [step('ready')], { argument: 'step' }],
    ['the result of other work', [{ kind: 'succeeded', result: { kind: 'gone' } }], {}],
    ['too much', Array<JobEvent>(17).fill(step('booting')), { argument: 'events' }],
  ] as const)('refuses %s, and takes nothing of the report in', (_name, events, leaf) => {
    const c = fakeCanister();
    const { rentalId, jobId } = givenProvisioning(c);
    const worker = FakeWorker.claim(c);
    const before = [rentalOf(c, rentalId), storedJob(c, jobId)];
    expect(worker.tell(...events)).toMatchObject({ kind: 'err', error: { leaf } });
    expect([rentalOf(c, rentalId), storedJob(c, jobId)]).toEqual(before);
    expect(stepsOf(c, rentalId)).toEqual([]);
    expect(worker.tell(step('booting')).kind).toBe('ok');
  });
});

describe('trouble', () => {
  it('with capacity tries the next machine at once, and the first again after a minute', async () => {
    const c = fakeCanister();
    const { rentalId, jobId } = givenProvisioning(c);
    FakeWorker.claim(c).tell(problem('capacity'));
    expect(lastNote(c, rentalId, 'retrying')).toBe(
      'Hetzner has no cx23 in fsn1 now. The next machine of the offer is tried.',
    );
    const second = FakeWorker.claim(c);
    expect(storedJob(c, jobId).choiceIndex).toBe(1);
    expect(second.tell({ ...intent, choiceIndex: 1 }).kind).toBe('ok');
    second.tell(problem('capacity'));
    expect(storedJob(c, jobId)).toMatchObject({ choiceIndex: 0, state: { kind: 'delayed' } });
    await passSeconds(c, 60);
    expect(FakeWorker.claim(c).job.jobId).toBe(jobId);
  });

  it('that lasts ends the rental in words, before its own deadline would', async () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    for (let minute = 0; minute < 14; minute += 1) {
      FakeWorker.claim(c).tell(problem('capacity'));
      FakeWorker.claim(c).tell(problem('capacity'));
      await passSeconds(c, 60);
    }
    FakeWorker.claim(c).tell(problem('capacity'));
    await passSeconds(c, 45);
    const { state } = rentalOf(c, rentalId);
    expect(state).toMatchObject({
      kind: 'ending',
      ending: {
        cause: 'not-provisioned',
        reason:
          'Hetzner had no cx23 in fsn1 or any other machine of the offer for 14 minutes. ' +
          'Everything you paid goes back to you.',
      },
      machineGoneAt: c.runtime.now,
    });
  });

  it('that nobody goes on with is told as that', async () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    FakeWorker.claim(c).tell(problem('capacity'));
    await passSeconds(c, 885);
    expect(lastNote(c, rentalId, 'ending')).toContain(
      "nobody at the seller's side went on with it",
    );
  });

  it('with nobody at work is told as that', async () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    await passSeconds(c, 885);
    expect(lastNote(c, rentalId, 'ending')).toContain("Nobody at the seller's side took the work");
  });

  it('with the credentials ends it, marks the account and tells the seller once', () => {
    const c = fakeCanister();
    const { rentalId, account } = givenProvisioning(c);
    FakeWorker.claim(c).tell(problem('auth'));
    expect(rentalOf(c, rentalId).state.kind).toBe('ending');
    const { cloudAccounts } = c.storage.accounts;
    expect(cloudAccounts.get(account.id)?.validity.kind).toBe('invalid');
    const told = () => c.storage.notifications.mailboxes.get(account.provider)?.next;
    const before = told();
    expect(asPerson(c, 'sam', () => validateCloudAccount(c, account.id)).kind).toBe('ok');
    FakeWorker.claim(c).tell(problem('auth'));
    expect(told()).toBe(before);
    const kinds = asPerson(c, 'sam', () => myNotifications(c, { from: undefined, limit: 10 }));
    const rows = kinds.kind === 'ok' ? kinds.value.rows : [];
    expect(rows.filter(({ kind }) => kind === 'cloud-account-invalid')).toHaveLength(1);
  });

  it('after the intent has the machine deleted, and the rental ends with that', async () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    FakeWorker.claim(c).tell(intent, server, problem('config'));
    const deletion = FakeWorker.claim(c);
    expect(deletion.job.job).toBe('terminate');
    expect(deletion.tell(problem('auth')).kind).toBe('ok');
    await passSeconds(c, 300);
    FakeWorker.claim(c).tell({ kind: 'succeeded', result: { kind: 'gone' } });
    expect(rentalOf(c, rentalId).state).toMatchObject({ machineGoneAt: c.runtime.now });
    expect(rentalOf(c, rentalId).server).toBeUndefined();
  });

  it('of a cancel in the middle stops the worker, and deletes only when it surely stopped', async () => {
    const c = fakeCanister();
    const { rentalId } = givenProvisioning(c);
    const worker = FakeWorker.claim(c);
    worker.tell(intent);
    applyRentalEvent(c, rentalId, { kind: 'cancelled', by: 'renter' });
    expect(worker.tell(server)).toMatchObject({ error: { leaf: { kind: 'stale-lease' } } });
    await passSeconds(c, 24);
    expect(() => FakeWorker.claim(c)).toThrow('no job');
    await passSeconds(c, 1);
    expect(FakeWorker.claim(c).job.job).toBe('terminate');
  });
});

describe('operations', () => {
  it('end with what the worker says', () => {
    const c = fakeCanister();
    const { rentalId } = givenReady(c);
    withOperation(c, rentalId, 'off');
    FakeWorker.claim(c).tell({ kind: 'succeeded', result: { kind: 'done' } });
    expect(rentalOf(c, rentalId).state).toMatchObject({ power: 'off', operation: undefined });
  });

  it('that are not done in time fail in words, and the rental goes on', async () => {
    const c = fakeCanister();
    const { rentalId } = givenReady(c);
    withOperation(c, rentalId, 'off');
    FakeWorker.claim(c).tell(problem('transient'));
    await passSeconds(c, 600);
    expect(rentalOf(c, rentalId).state).toMatchObject({ kind: 'active', operation: undefined });
    expect(lastNote(c, rentalId, 'operation-failed')).toBe(
      'Hetzner did not answer as it should for 10 minutes. ' +
        'Nothing was charged for it, and your rental goes on as it was.',
    );
  });
});

describe('validateCloudAccount', () => {
  it('is asked for once at a time, and its end is kept', () => {
    const c = fakeCanister();
    const { account } = givenReady(c);
    const ask = () => asPerson(c, 'sam', () => validateCloudAccount(c, account.id));
    const first = ask();
    expect(ask()).toEqual(first);
    FakeWorker.claim(c).tell({ kind: 'succeeded', result: { kind: 'done' } });
    const { validity } = present(c.storage.accounts.cloudAccounts.get(account.id), 'the account');
    expect(validity).toEqual({ kind: 'valid', checkedAt: c.runtime.now });
    expect(ask()).not.toEqual(first);
    FakeWorker.claim(c).tell(problem('config'));
    const known = c.storage.accounts.cloudAccounts.get(account.id);
    expect(known?.validity).toMatchObject({ kind: 'invalid', checkedAt: c.runtime.now });
    const foreign = asPerson(c, 'ann', () => validateCloudAccount(c, account.id));
    expect(foreign).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
  });
});
