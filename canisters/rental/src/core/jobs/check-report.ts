import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { ConnectionCard, JobEvent, JobReport } from './job-report.ts';
import type { Job, StepName } from './job.ts';
import { rentalOf, resultsOf } from './job-kinds.ts';

/** One argument breaks a rule; nothing of the report is taken in. */
export interface BadReport {
  readonly argument: string;
  readonly rule: string;
}

const MAX_EVENTS = 16;
const MAX_NOTE = 200;
const MAX_MESSAGE = 1_000;
const MAX_NAME = 63;
const MAX_EXTERNAL_ID = 128;
const MAX_SEALED_BYTES = 16 * 1_024;
const MAX_LOG_BYTES = 16 * 1_024;
const MAX_COUNT = 1_000;
const MAX_RETRY_MS = 86_400_000;
const MAX_URL = 300;

/** What workers may write; the rest of a timeline is the canister's. */
const WORKER_STEPS: ReadonlySet<StepName> = new Set<StepName>([
  'booting',
  'ssh-reachable',
  'recipe-step',
  'health-passed',
]);

/** Checks everything about a report that needs no look at the rental. */
export function checkReport(job: Job, report: JobReport): Result<null, BadReport> {
  const { events } = report;
  if (events.length > MAX_EVENTS) return bad('events', `at most ${MAX_EVENTS} in one report`);
  for (const [index, event] of events.entries()) {
    const isLast = index === events.length - 1;
    if (!isLast && (event.kind === 'problem' || event.kind === 'succeeded')) {
      return bad('events', 'what ends the lease comes last');
    }
    const checked = checkEvent(job, event);
    if (checked.kind === 'err') return checked;
  }
  return ok(null);
}

function checkEvent(job: Job, event: JobEvent): Result<null, BadReport> {
  const hasRental = rentalOf(job.task) !== undefined;
  if (!hasRental && event.kind !== 'problem' && event.kind !== 'succeeded') {
    return bad('events', `a ${job.task.kind} job has no rental to tell about`);
  }
  switch (event.kind) {
    case 'step':
      return checkStep(event);
    case 'intent':
      return checkIntent(job, event);
    case 'server':
      if (job.task.kind !== 'provision') return bad('server', 'only provisioning makes a server');
      return checkText({ argument: 'external_id', text: event.externalId, max: MAX_EXTERNAL_ID });
    case 'connection':
      return checkCard(event.card);
    case 'credentials':
      return checkSize({ argument: 'sealed', bytes: event.sealed, max: MAX_SEALED_BYTES });
    case 'log':
      return checkSize({ argument: 'bytes', bytes: event.bytes, max: MAX_LOG_BYTES });
    case 'problem':
      if (event.retryAfterMs > MAX_RETRY_MS) return bad('retry_after_ms', 'at most a day');
      return event.message.length <= MAX_MESSAGE
        ? ok(null)
        : bad('message', `at most ${MAX_MESSAGE} characters`);
    case 'succeeded': {
      const { result } = event;
      const possible = resultsOf(job.task.kind);
      if (!possible.includes(result.kind)) {
        return bad('result', `a ${job.task.kind} job ends as ${possible.join(' or ')}`);
      }
      if (result.kind !== 'rolled-back') return ok(null);
      return checkText({ argument: 'reason', text: result.reason, max: MAX_MESSAGE });
    }
  }
}

function checkStep(event: Extract<JobEvent, { readonly kind: 'step' }>): Result<null, BadReport> {
  const { step, index, of, note } = event;
  if (!WORKER_STEPS.has(step)) return bad('step', `${step} is written by the canister only`);
  if (of > MAX_COUNT || index > of)
    return bad('index', `at most of, which is at most ${MAX_COUNT}`);
  if (note.length > MAX_NOTE || hasControls(note)) {
    return bad('note', `at most ${MAX_NOTE} characters in one line`);
  }
  return ok(null);
}

function checkIntent(
  { task, choiceIndex }: Job,
  event: Extract<JobEvent, { readonly kind: 'intent' }>,
): Result<null, BadReport> {
  if (task.kind !== 'provision') return bad('intent', 'only provisioning makes a server');
  if (event.choiceIndex !== choiceIndex) {
    return bad('choice_index', `must be ${choiceIndex}, the choice to try now`);
  }
  return checkText({ argument: 'name', text: event.name, max: MAX_NAME });
}

function checkCard(card: ConnectionCard): Result<null, BadReport> {
  const { ipv4, ipv6, sshUser, sshPort, hostKeyFingerprint, hostKey, serviceUrl } = card;
  const texts = [
    { argument: 'ipv4', text: ipv4, max: 15, min: 0 },
    { argument: 'ipv6', text: ipv6, max: 45, min: 0 },
    { argument: 'ssh_user', text: sshUser, max: 32 },
    { argument: 'host_key_fingerprint', text: hostKeyFingerprint, max: 100, min: 0 },
    { argument: 'host_key', text: hostKey, max: 1_000, min: 0 },
    { argument: 'service_url', text: serviceUrl, max: MAX_URL, min: 0 },
  ];
  for (const each of texts) {
    const checked = checkText(each);
    if (checked.kind === 'err') return checked;
  }
  if (ipv4 === '' && ipv6 === '') return bad('ipv4', 'a machine has an address');
  if (sshPort < 1 || sshPort > 65_535) return bad('ssh_port', 'must be between 1 and 65535');
  const isWeb = serviceUrl.startsWith('https://') || serviceUrl.startsWith('http://');
  if (serviceUrl !== '' && !isWeb) return bad('service_url', 'must start with http:// or https://');
  return ok(null);
}

interface TextRule {
  readonly argument: string;
  readonly text: string;
  readonly max: number;
  readonly min?: number;
}

function checkText({ argument, text, max, min = 1 }: TextRule): Result<null, BadReport> {
  if (text.length >= min && text.length <= max && !hasControls(text)) return ok(null);
  return bad(argument, `must be ${min} to ${max} characters in one line`);
}

function checkSize(given: {
  readonly argument: string;
  readonly bytes: Uint8Array;
  readonly max: number;
}): Result<null, BadReport> {
  const { argument, bytes, max } = given;
  return bytes.length <= max ? ok(null) : bad(argument, `at most ${max} bytes`);
}

function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

function bad(argument: string, rule: string): Result<null, BadReport> {
  return err({ argument, rule });
}
