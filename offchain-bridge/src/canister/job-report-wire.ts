import { unreachable } from '@decent-cloud/domain/assert.ts';
import type {
  ConnectionCard as WireCard,
  ErrorClass as WireClass,
  JobEvent as WireEvent,
  StepName as WireStep,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { ErrorClass, JobEvent, JobResult, WorkerStep } from '../core/job-report.ts';
import type { ConnectionCard } from '../core/job-work.ts';

type WireResult = Extract<WireEvent, { Succeeded: unknown }>['Succeeded']['result'];

const CLASSES: Readonly<Record<ErrorClass, WireClass>> = {
  config: { Config: null },
  capacity: { Capacity: null },
  quota: { Quota: null },
  auth: { Auth: null },
  exists: { Exists: null },
  transient: { Transient: null },
  unknown: { Unknown: null },
};
const STEPS: Readonly<Record<WorkerStep, WireStep>> = {
  booting: { Booting: null },
  'ssh-reachable': { SshReachable: null },
  'recipe-step': { RecipeStep: null },
  'health-passed': { HealthPassed: null },
};

export function eventToWire(event: JobEvent): WireEvent {
  switch (event.kind) {
    case 'step': {
      const { step, index, of, note } = event;
      return { Step: { step: STEPS[step], index, of, note } };
    }
    case 'intent':
      return { Intent: { choice_index: event.choiceIndex, name: event.name } };
    case 'server':
      return { Server: { external_id: event.externalId } };
    case 'connection':
      return { Connection: { card: cardToWire(event.card) } };
    case 'credentials':
      return { Credentials: { sealed: event.sealed } };
    case 'log':
      return { Log: { offset: BigInt(event.offset), bytes: event.bytes } };
    case 'problem': {
      const { class: errorClass, message, retryAfterMs } = event;
      return { Problem: { class: CLASSES[errorClass], message, retry_after_ms: retryAfterMs } };
    }
    case 'succeeded':
      return { Succeeded: { result: resultToWire(event.result) } };
    default:
      return unreachable(event);
  }
}

function resultToWire(result: JobResult): WireResult {
  switch (result.kind) {
    case 'ready':
      return { Ready: null };
    case 'gone':
      return { Gone: null };
    case 'upgraded':
      return { Upgraded: null };
    case 'rolled-back':
      return { RolledBack: { reason: result.reason } };
    case 'done':
      return { Done: null };
    default:
      return unreachable(result);
  }
}

function cardToWire(card: ConnectionCard): WireCard {
  return {
    ipv4: card.ipv4,
    ipv6: card.ipv6,
    ssh_user: card.sshUser,
    ssh_port: card.sshPort,
    host_key_fingerprint: card.hostKeyFingerprint,
    host_key: card.hostKey,
    service_url: card.serviceUrl,
  };
}
