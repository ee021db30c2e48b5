import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../core/jobs/job-report.ts';
import { asPerson, givenAccount } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { FakeWorker, givenProvisioning } from '../../testing/provisioning.fake.ts';
import { getJob } from './get-job.flow.ts';
import { listRentalJobs } from './job-views.ts';
import { releaseJob } from './keep-leases.flow.ts';
import { readConnection, readLog, readTimeline } from './run-views.ts';

const step: JobEvent = { kind: 'step', step: 'booting', index: 0, of: 0, note: 'soon' };
const log: JobEvent = { kind: 'log', offset: 0, bytes: Uint8Array.of(104, 105) };
const credentials: JobEvent = { kind: 'credentials', sealed: Uint8Array.of(9) };
const card: JobEvent = {
  kind: 'connection',
  card: {
    ipv4: '203.0.113.7',
    ipv6: '',
    sshUser: 'root',
    sshPort: 22,
    hostKeyFingerprint: '',
    hostKey: '',
    serviceUrl: 'https://cloud.example.com/',
  },
};

function running() {
  const c = fakeCanister();
  const made = givenProvisioning(c);
  givenAccount(c, 'eve');
  c.runtime.controllers = [personCalled('operator')];
  const worker = FakeWorker.claim(c);
  worker.tell(step, log, card, credentials);
  return { c, worker, ...made };
}

describe('what is told of a run', () => {
  it.each(['ann', 'sam', 'operator'])('is for %s', (who) => {
    const { c, rentalId, jobId } = running();
    asPerson(c, who, () => {
      const page = { order: 'oldest-first', limit: 10 } as const;
      expect(readTimeline(c, { rentalId, page })).toMatchObject({
        value: { page: { rows: [{ value: { step: 'booting', note: 'soon' } }] }, usual: [] },
      });
      expect(readLog(c, { jobId, offset: 1, limit: 10 })).toEqual({
        kind: 'ok',
        value: { offset: 1, bytes: Uint8Array.of(105), totalBytes: 2, droppedBytes: 0 },
      });
      expect(readConnection(c, rentalId)).toMatchObject({
        value: {
          card: { ipv4: '203.0.113.7' },
          sealedCredentials: who === 'ann' ? Uint8Array.of(9) : undefined,
        },
      });
      const jobs = listRentalJobs(c, { rentalId, page: { from: undefined, limit: 5 } });
      expect(jobs).toMatchObject({ value: { rows: [{ id: jobId }], next: undefined } });
    });
  });

  it.each(['eve', 'nobody-yet'])('is not for %s, who does not learn that there is one', (who) => {
    const { c, rentalId, jobId } = running();
    asPerson(c, who, () => {
      const refused = { kind: 'err', error: { leaf: { kind: 'not-found' } } };
      const page = { order: 'oldest-first', limit: 10 } as const;
      expect(readTimeline(c, { rentalId, page })).toMatchObject(refused);
      expect(readLog(c, { jobId, offset: 0, limit: 10 })).toMatchObject(refused);
      expect(readConnection(c, rentalId)).toMatchObject(refused);
    });
  });

  it.each([0, 65_537])('refuses a piece of a log of %i bytes', (limit) => {
    const { c, jobId } = running();
    const refused = asPerson(c, 'ann', () => readLog(c, { jobId, offset: 0, limit }));
    expect(refused).toMatchObject({ error: { leaf: { argument: 'limit' } } });
  });
});

describe('getJob', () => {
  it('gives its worker what is needed, and where to go on', () => {
    const { c, worker, account, rentalId } = running();
    const work = asPerson(c, 'bridge', () => getJob(c, worker.job));
    expect(work).toMatchObject({
      value: {
        task: { kind: 'provision', rentalId },
        installation: 'test',
        backend: 'hetzner',
        sealedCredentials: account.sealedCredentials,
        rental: {
          choiceIndex: 0,
          server: undefined,
          sshKeys: ['ssh-ed25519 AAAA ann'],
          logBytes: 2,
          recipe: undefined,
          card: { ipv4: '203.0.113.7' },
        },
      },
    });
    const choices = work.kind === 'ok' ? work.value.rental?.choices : [];
    expect(choices?.map(({ location }) => location)).toEqual(['fsn1', 'nbg1']);
  });

  it('gives nothing to others, and nothing once the lease is over', () => {
    const { c, worker } = running();
    const lease = worker.job;
    const foreign = asPerson(c, 'sam', () => getJob(c, lease));
    expect(foreign).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    const older = asPerson(c, 'bridge', () => getJob(c, { ...lease, epoch: 0 }));
    expect(older).toMatchObject({ error: { leaf: { kind: 'stale-lease' } } });
    asPerson(c, 'bridge', () => releaseJob(c, lease));
    const released = asPerson(c, 'bridge', () => getJob(c, lease));
    expect(released).toMatchObject({ error: { leaf: { kind: 'stale-lease' } } });
  });
});
