import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bytes,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import type {
  Account,
  Login,
  LoginKind,
  NoticeGroup,
  NotificationPreferences,
  SshKey,
} from '../../core/accounts/account.ts';
import type { LoginOffer } from '../../core/accounts/logins.ts';
import type {
  AgentGrant,
  AgentScope,
  Backend,
  CloudAccount,
  Provider,
  Validity,
} from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { Settings } from '../../core/settings.ts';

const at = bigint<TimestampNs>();

/** How records of this area are stored. Never reorder: a change is a new version of its table. */
export const accountFields: Fields<Account> = {
  id: plainAs<AccountId>(),
  displayName: text,
  ageRecipient: optional(text),
  sealedAgeIdentity: optional(bytes),
  logins: list(record<Login>({ principal, kind: plainAs<LoginKind>(), label: text, addedAt: at })),
  sshKeys: list(
    record<SshKey>({
      label: text,
      type: text,
      blob: bytes,
      fingerprint: text,
      comment: text,
      addedAt: at,
    }),
  ),
  preferences: record<NotificationPreferences>({
    email: text,
    muted: list(plainAs<NoticeGroup>()),
  }),
  createdAt: at,
  updatedAt: at,
};

export const loginOfferFields: Fields<LoginOffer> = {
  account: plainAs<AccountId>(),
  principal,
  kind: plainAs<LoginKind>(),
  label: text,
  expiresAt: at,
};

export const providerFields: Fields<Provider> = {
  id: plainAs<AccountId>(),
  principal,
  name: text,
  description: text,
  website: text,
  supportContact: text,
  createdAt: at,
  updatedAt: at,
};

export const cloudAccountFields: Fields<CloudAccount> = {
  id: plainAs<CloudAccountId>(),
  provider: plainAs<AccountId>(),
  backend: plainAs<Backend>(),
  label: text,
  agent: principal,
  sealedCredentials: bytes,
  validity: union<Validity>({
    unchecked: {},
    valid: { checkedAt: at },
    invalid: { checkedAt: at, reason: text },
  }),
  maxConcurrentJobs: number,
  createdAt: at,
  updatedAt: at,
};

export const agentGrantFields: Fields<AgentGrant> = {
  provider: plainAs<AccountId>(),
  agent: principal,
  label: text,
  scopes: list(plainAs<AgentScope>()),
  expiresAt: at,
  grantedAt: at,
};

/** An agent with the number of its grants, and what it said about itself at its last heartbeat. */
export interface KnownAgent {
  readonly grants: number;
  readonly ageRecipient: string | undefined;
  readonly version: string;
  readonly lastHeartbeatAt: TimestampNs | undefined;
}

export const knownAgentFields: Fields<KnownAgent> = {
  grants: number,
  ageRecipient: optional(text),
  version: text,
  lastHeartbeatAt: optional(at),
};

export const settingsFields: Fields<Settings> = {
  treasury: principal,
  archive: principal,
  installation: text,
  platformAgents: list(principal),
  retentionNs: bigint<DurationNs>(),
};
