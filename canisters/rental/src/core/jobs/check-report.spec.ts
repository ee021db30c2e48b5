import { describe, expect, it } from 'vitest';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId } from '../ids.ts';
import { checkReport } from './check-report.ts';
import type { ConnectionCard, JobEvent } from './job-report.ts';
import type { Job, JobTask } from './job.ts';
import { newJob } from './job-machine.ts';

const RENTAL = 3 as RentalId;
const card: ConnectionCard = {
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  sshUser: 'root',
  sshPort: 22,
  hostKeyFingerprint: 'SHA256:x',
  hostKey: 'ssh-ed25519 AAAA',
  serviceUrl: 'https://example.com/',
};
const step = { kind: 'step', step: 'recipe-step', index: 1, of: 3, note: 'packages' } as const;
const problem = { kind: 'problem', class: 'quota', message: 'limit', retryAfterMs: 0 } as const;

function jobFor(task: JobTask): Job {
  return newJob({
    id: 1 as JobId,
    task,
    provider: 0 as AccountId,
    cloudAccountId: 0 as CloudAccountId,
    deadlineAt: timestampNs(10n ** 15n),
    notBefore: timestampNs(0n),
    at: timestampNs(0n),
  });
}

const provision = jobFor({ kind: 'provision', rentalId: RENTAL });
const reboot = jobFor({ kind: 'power', rentalId: RENTAL, action: 'reboot' });
const validate = jobFor({ kind: 'validate-account' });

function check(job: Job, ...events: readonly JobEvent[]) {
  return checkReport(job, { jobId: job.id, epoch: 1, seq: 1, events });
}

function withCard(change: Partial<ConnectionCard>): JobEvent {
  return { kind: 'connection', card: { ...card, ...change } };
}

describe('checkReport', () => {
  it.each<readonly [Job, readonly JobEvent[]]>([
    [provision, []],
    [provision, [step, withCard({}), { kind: 'log', offset: 0, bytes: new Uint8Array(16_384) }]],
    [provision, [{ kind: 'intent', choiceIndex: 0, name: 'n'.repeat(63) }]],
    [provision, [{ kind: 'server', externalId: '77' }, problem]],
    [provision, [withCard({ ipv4: '' }), withCard({ ipv6: '', serviceUrl: '' })]],
    [reboot, [{ kind: 'succeeded', result: { kind: 'done' } }]],
    [validate, [{ ...problem, class: 'auth' }]],
  ])('takes what keeps the rules', (job, events) => {
    expect(check(job, ...events)).toEqual({ kind: 'ok', value: null });
  });

  it.each<readonly [Job, string, JobEvent]>([
    [provision, 'index', { ...step, index: 4 }],
    [provision, 'index', { ...step, of: 1_001 }],
    [provision, 'note', { ...step, note: 'two\nlines' }],
    [provision, 'note', { ...step, note: 'n'.repeat(201) }],
    [provision, 'step', { ...step, step: 'money-settled' }],
    [provision, 'name', { kind: 'intent', choiceIndex: 0, name: '' }],
    [provision, 'name', { kind: 'intent', choiceIndex: 0, name: 'n'.repeat(64) }],
    [provision, 'choice_index', { kind: 'intent', choiceIndex: 1, name: 'n' }],
    [reboot, 'intent', { kind: 'intent', choiceIndex: 0, name: 'n' }],
    [reboot, 'server', { kind: 'server', externalId: '77' }],
    [provision, 'external_id', { kind: 'server', externalId: '' }],
    [provision, 'external_id', { kind: 'server', externalId: 'x'.repeat(129) }],
    [provision, 'ipv4', withCard({ ipv4: '', ipv6: '' })],
    [provision, 'ipv4', withCard({ ipv4: '1'.repeat(16) })],
    [provision, 'ssh_user', withCard({ sshUser: '' })],
    [provision, 'ssh_user', withCard({ sshUser: 'root\u0007' })],
    [provision, 'ssh_port', withCard({ sshPort: 0 })],
    [provision, 'service_url', withCard({ serviceUrl: 'javascript:alert(1)' })],
    [provision, 'service_url', withCard({ serviceUrl: `https://${'x'.repeat(300)}` })],
    [provision, 'sealed', { kind: 'credentials', sealed: new Uint8Array(16_385) }],
    [provision, 'bytes', { kind: 'log', offset: 0, bytes: new Uint8Array(16_385) }],
    [provision, 'message', { ...problem, message: 'm'.repeat(1_001) }],
    [provision, 'retry_after_ms', { ...problem, retryAfterMs: 86_400_001 }],
    [provision, 'result', { kind: 'succeeded', result: { kind: 'done' } }],
    [reboot, 'result', { kind: 'succeeded', result: { kind: 'ready' } }],
    [validate, 'events', step],
  ])('of %o refuses %s', (job, argument, event) => {
    expect(check(job, event)).toMatchObject({ kind: 'err', error: { argument } });
  });
});
