import type { Principal } from '@dfinity/principal';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { isWhole, type Refusal } from '../text-rules.ts';
import { isAgeRecipient, isAgeSealed } from './age.ts';
import type { AgentGrant, AgentScope, AgentStatus, CloudAccount, Provider } from './provider.ts';
import { checkLines, checkVisible, checkWebsite } from './visible-text.ts';

const MAX_CREDENTIAL_BYTES = 8_192;
const MAX_CONCURRENT_JOBS = 50;
const SCOPES = 4;
const MAX_GRANT_DAYS = 365;
const LABEL = { argument: 'label', min: 1, max: 64 } as const;

/** What a seller says about itself. */
export type ProviderInput = Pick<Provider, 'name' | 'description' | 'website' | 'supportContact'>;

/** What a seller may change about a cloud account at any time. */
export type CloudAccountSettings = Pick<CloudAccount, 'label' | 'maxConcurrentJobs'>;

/** Who works a cloud account, and what it does that with. */
export type SealedCredentials = Pick<CloudAccount, 'agent' | 'sealedCredentials'>;

export type GrantInput = Pick<AgentGrant, 'agent' | 'label' | 'scopes' | 'expiresAt'>;

export type HeartbeatInput = Pick<AgentStatus, 'ageRecipient' | 'version'>;

export function checkProvider(raw: ProviderInput): Result<ProviderInput, Refusal> {
  const name = checkVisible(raw.name, { argument: 'name', min: 1, max: 64 });
  if (name.kind === 'err') return name;
  const description = checkLines(raw.description, { argument: 'description', max: 2_000 });
  if (description.kind === 'err') return description;
  const website = checkWebsite(raw.website, 'website');
  if (website.kind === 'err') return website;
  const contact = { argument: 'support_contact', min: 1, max: 200 };
  const supportContact = checkVisible(raw.supportContact, contact);
  if (supportContact.kind === 'err') return supportContact;
  return ok({
    name: name.value,
    description: description.value,
    website: website.value,
    supportContact: supportContact.value,
  });
}

export function checkAccountSettings(
  raw: CloudAccountSettings,
): Result<CloudAccountSettings, Refusal> {
  const { maxConcurrentJobs } = raw;
  const label = checkVisible(raw.label, LABEL);
  if (label.kind === 'err') return label;
  if (isWhole(maxConcurrentJobs, { from: 1, to: MAX_CONCURRENT_JOBS })) {
    return ok({ label: label.value, maxConcurrentJobs });
  }
  const rule = `must be 1 to ${MAX_CONCURRENT_JOBS}`;
  return err({ argument: 'max_concurrent_jobs', rule });
}

/** Credentials must be encrypted by age; whether to the agent's recipient, only the agent can see. */
export function checkCredentials(sealed: Uint8Array): Result<Uint8Array, Refusal> {
  const argument = 'sealed_credentials';
  if (sealed.length > MAX_CREDENTIAL_BYTES) {
    return err({ argument, rule: `must be at most ${MAX_CREDENTIAL_BYTES} bytes` });
  }
  if (isAgeSealed(sealed)) return ok(sealed);
  const rule =
    'must be encrypted by age to the recipient of the agent. They were not stored; if they were ' +
    'sent in the clear, replace them at the cloud';
  return err({ argument, rule });
}

/** A grant that begins at `now`. */
export function checkGrant(raw: GrantInput, now: TimestampNs): Result<GrantInput, Refusal> {
  if (raw.agent.isAnonymous() || raw.agent.toUint8Array().length === 0) {
    return err({ argument: 'agent', rule: 'must be the principal of an agent' });
  }
  const label = checkVisible(raw.label, LABEL);
  if (label.kind === 'err') return label;
  const { scopes, expiresAt } = raw;
  const isOnceEach = scopes.length <= SCOPES && new Set<AgentScope>(scopes).size === scopes.length;
  if (scopes.length === 0 || !isOnceEach) {
    return err({ argument: 'scopes', rule: 'must name at least one scope, and each at most once' });
  }
  if (expiresAt <= now || expiresAt > after(now, durationNs({ days: MAX_GRANT_DAYS }))) {
    const rule = `must be in the future, at most ${MAX_GRANT_DAYS} days away`;
    return err({ argument: 'expires_at_ns', rule });
  }
  return ok({ ...raw, label: label.value });
}

export function checkHeartbeat(raw: HeartbeatInput): Result<HeartbeatInput, Refusal> {
  const version = checkVisible(raw.version, { argument: 'version', min: 1, max: 32 });
  if (version.kind === 'err') return version;
  if (isAgeRecipient(raw.ageRecipient)) {
    return ok({ ageRecipient: raw.ageRecipient, version: version.value });
  }
  return err({ argument: 'age_recipient', rule: 'must be an age X25519 recipient' });
}

/** Principals are equal by their bytes. */
export function isSame(one: Principal, other: Principal): boolean {
  return one.compareTo(other) === 'eq';
}
