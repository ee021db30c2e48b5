import type { ErrorClass } from '../../core/job-report.ts';
import type { MachineSpec } from '../../core/job-work.ts';
import { WorkError } from '../../core/work-error.ts';
import type { HetznerError } from './hetzner-error.ts';
import { codeOf, type HetznerFailure } from './hetzner-error.ts';
import { inWords } from './hetzner-words.ts';

/** What a request was for: the same code means another thing after an order than after a question. */
export type Purpose =
  | { readonly kind: 'create'; readonly name: string; readonly machine: MachineSpec }
  | { readonly kind: 'read' }
  | { readonly kind: 'delete' }
  /** Once more does no harm, except for a reboot. */
  | { readonly kind: 'act'; readonly isRepeatable: boolean };

const LOCKED_RETRY_MS = 5_000;
const MAINTENANCE_RETRY_MS = 60_000;
const FIRST_SERVER_ERROR = 500;

/** By code, whatever the HTTP status: docs.hetzner.cloud, "Errors". */
const CLASSES: Readonly<Record<string, ErrorClass>> = {
  invalid_input: 'config',
  invalid_server_type: 'config',
  unsupported_error: 'config',
  json_error: 'config',
  deprecated_api_endpoint: 'config',
  not_found: 'config',
  protected: 'config',
  server_not_stopped: 'config',
  private_net_only_server: 'config',
  resource_unavailable: 'capacity',
  placement_error: 'capacity',
  unavailable: 'capacity',
  resource_limit_exceeded: 'quota',
  unauthorized: 'auth',
  forbidden: 'auth',
  token_readonly: 'auth',
  uniqueness_error: 'exists',
  conflict: 'transient',
  locked: 'transient',
  rate_limit_exceeded: 'transient',
  maintenance: 'transient',
  must_be_unassigned: 'transient',
  timeout: 'unknown',
  bad_gateway: 'unknown',
  service_error: 'unknown',
  server_error: 'unknown',
};

/** The class of a failure. `unknown`: it may have been done, and must not be done twice. */
export function classOf(failure: HetznerFailure, purpose: Purpose): ErrorClass {
  const found = rawClassOf(failure);
  if (found === 'unknown') return isRepeatable(purpose) ? 'transient' : 'unknown';
  // Only an order can be placed elsewhere, and only it brings a name with it.
  if (found === 'capacity' || found === 'exists') {
    return purpose.kind === 'create' ? found : 'transient';
  }
  // What is asked for can only be wrong where something is asked for.
  if (found === 'undecided') {
    return purpose.kind === 'create' || purpose.kind === 'act' ? 'config' : 'transient';
  }
  return found;
}

/** Whether doing it twice is the same as doing it once. */
function isRepeatable(purpose: Purpose): boolean {
  return purpose.kind === 'act' ? purpose.isRepeatable : purpose.kind !== 'create';
}

function rawClassOf(failure: HetznerFailure): ErrorClass | 'undecided' {
  switch (failure.kind) {
    case 'refused':
      return refusalClass(failure);
    case 'not-sent':
      return 'transient';
    case 'unreadable':
    case 'lost':
    case 'given-up':
      return 'unknown';
  }
}

function refusalClass({
  status,
  code,
}: Extract<HetznerFailure, { kind: 'refused' }>): ErrorClass | 'undecided' {
  const known = code === undefined ? undefined : CLASSES[code];
  if (known !== undefined) return known;
  if (status >= FIRST_SERVER_ERROR) return 'unknown';
  // Without a code it was a proxy or the like that refused: that says nothing about the order.
  return code === undefined ? 'transient' : 'undecided';
}

/**
 * Whether the same request may be sent again at once, after a short wait. An order for a server is so
 * only after refusals that are no fault of Hetzner's; `locked` lasts longer than a call.
 */
export function isRetryable(error: HetznerError, purpose: Purpose): boolean {
  const code = codeOf(error);
  if (error.failure.kind === 'given-up' || code === 'locked' || code === 'maintenance')
    return false;
  if (purpose.kind === 'create') return false;
  if (code === 'resource_unavailable' || code === 'unavailable') return false;
  return classOf(error.failure, purpose) === 'transient';
}

/** The same error for those who decide and read: class, plain words, and when to come again. */
export function workErrorOf(error: HetznerError, purpose: Purpose): WorkError {
  const errorClass = classOf(error.failure, purpose);
  const message = inWords(error, { purpose, errorClass });
  const retryAfterMs = retryAfterOf(codeOf(error));
  return new WorkError(errorClass, message, { retryAfterMs, cause: error });
}

function retryAfterOf(code: string | undefined): number {
  if (code === 'locked') return LOCKED_RETRY_MS;
  return code === 'maintenance' ? MAINTENANCE_RETRY_MS : 0;
}
