import type { ErrorClass } from '../../core/job-report.ts';
import type { HetznerError, HetznerFailure } from './hetzner-error.ts';
import type { Purpose } from './hetzner-errors.ts';

interface Context {
  readonly purpose: Purpose;
  readonly errorClass: ErrorClass;
}

type Refusal = Extract<HetznerFailure, { readonly kind: 'refused' }>;

/** Names of limits as Hetzner's errors have them: there is no list of them. */
const LIMITS: readonly (readonly [string, string])[] = [
  ['primary_ip', 'public addresses'],
  ['server', 'servers'],
  ['core', 'processor cores'],
];

const BY_CODE: Readonly<Record<string, string>> = {
  unauthorized:
    "Hetzner does not accept the account's token: it was revoked, or is wrong. The seller has to put " +
    'in a new one.',
  token_readonly:
    "The account's Hetzner token may only read. The seller has to replace it by one that may read " +
    'and write.',
  forbidden:
    "Hetzner does not allow this to the account's token. The seller has to look into the Hetzner " +
    'Console and put in a new one.',
  deprecated_api_endpoint:
    'This bridge uses a part of the Hetzner API that is gone. Its operator has to update it.',
  rate_limit_exceeded:
    'The requests that Hetzner allows this account are used up for the moment; it is tried again.',
  locked: 'Hetzner is still busy with this server; it is tried again.',
  conflict: 'Hetzner is still busy with something else here; it is tried again.',
  maintenance: 'Hetzner is working on its systems; it is tried again.',
  protected: 'The server is protected in the Hetzner Console; nothing was changed.',
};

/**
 * What happened, for renters and sellers: no codes, no secrets. What Hetzner itself said is added only
 * where somebody has to know it to change something.
 */
export function inWords(error: HetznerError, context: Context): string {
  const { failure } = error;
  const { purpose } = context;
  if (context.errorClass === 'unknown') return unknownOutcome(purpose);
  switch (failure.kind) {
    case 'refused':
      return refusal(error, failure, context);
    case 'not-sent':
      return 'Hetzner could not be reached; nothing was changed, and it is tried again.';
    case 'unreadable':
      return 'Hetzner answered in a form that this bridge cannot read; it is tried again.';
    case 'lost':
    case 'given-up':
      return 'Hetzner did not answer in time; it is tried again.';
  }
}

function unknownOutcome(purpose: Purpose): string {
  return purpose.kind === 'create'
    ? `Hetzner's answer to the order of ${purpose.name} did not arrive, so the server may exist or ` +
        'not. It is looked for by its name before anything else is done.'
    : "Hetzner's answer did not arrive; what was asked for may have been done or not.";
}

function refusal(error: HetznerError, failure: Refusal, { purpose, errorClass }: Context): string {
  const known = failure.code === undefined ? undefined : BY_CODE[failure.code];
  if (known !== undefined) return known;
  switch (errorClass) {
    case 'capacity':
      return purpose.kind === 'create' ? soldOut(purpose) : fault(failure);
    case 'quota':
      return (
        `The seller's Hetzner account is at its limit of ${limitOf(failure)}. No machine was made. ` +
        'The seller can ask Hetzner for more in the Hetzner Console.'
      );
    case 'exists':
      return purpose.kind === 'create'
        ? `Hetzner has a server of the name ${purpose.name} already; it is looked at.`
        : fault(failure);
    case 'config':
      return refusedOrder(error, failure, purpose);
    case 'auth':
    case 'transient':
    case 'unknown':
      return fault(failure);
  }
}

function soldOut({ machine }: Extract<Purpose, { kind: 'create' }>): string {
  return `Hetzner has no ${machine.machineType} in ${machine.location} right now.`;
}

function refusedOrder(error: HetznerError, failure: Refusal, purpose: Purpose): string {
  const wrong =
    failure.fields.length === 0 ? '' : ` It does not like: ${failure.fields.join(', ')}.`;
  const said = `${wrong} (Hetzner: ${error.message})`;
  if (purpose.kind !== 'create') return `Hetzner refuses this.${said}`;
  const { machineType, location, image } = purpose.machine;
  const order = `${machineType} in ${location} with ${image}`;
  return `Hetzner refuses to make ${order}. No machine was made.${said}`;
}

function limitOf({ limits }: Refusal): string {
  const named = LIMITS.filter(([part]) => limits.some((limit) => limit.includes(part)));
  return named.length === 0 ? 'what it may have' : named.map(([, words]) => words).join(' and ');
}

function fault({ status }: Refusal): string {
  return `Hetzner could not do it just now (HTTP ${status}); it is tried again.`;
}
