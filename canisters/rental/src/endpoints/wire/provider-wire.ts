import type { Principal } from '@dfinity/principal';
import {
  blob,
  count,
  list,
  literals,
  nanoseconds,
  nat32,
  optional,
  principal,
  record,
  text,
  union,
  type Wire,
} from '@decent-cloud/kit/wire/wire.ts';
import type {
  AgentGrant,
  AgentScope,
  AgentStatus,
  Backend,
  CloudAccount,
  Provider,
  Validity,
} from '../../core/accounts/provider.ts';
import type {
  CloudAccountSettings,
  GrantInput,
  HeartbeatInput,
  ProviderInput,
  SealedCredentials,
} from '../../core/accounts/provider-rules.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type {
  CloudAccountPage,
  CloudAccountPageRequest,
  GrantedAgent,
} from '../../flows/accounts/account-views.ts';
import type { NewCloudAccount } from '../../flows/accounts/edit-cloud-account.flow.ts';
import type { ValidityReport } from '../../flows/accounts/report-validity.flow.ts';

type ProviderView = Omit<Provider, 'principal'> & { readonly payee: Principal };
/** Sealed credentials are given to the account's agent with its jobs, and to nobody else. */
type CloudAccountView = Omit<CloudAccount, 'sealedCredentials'>;
type WithId = { readonly id: CloudAccountId };

const about = { name: text, description: text, website: text, supportContact: text };

export const providerInput = record<ProviderInput>(about);
export const provider = record<ProviderView>({
  id: count,
  payee: principal,
  ...about,
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
});

export function providerView({ principal: payee, ...rest }: Provider): ProviderView {
  return { ...rest, payee };
}

export const backend = literals<Backend>(['hetzner', 'digitalocean', 'vultr', 'docker', 'proxmox']);
const validity = union<Validity>({
  unchecked: {},
  valid: { checkedAt: nanoseconds },
  invalid: { checkedAt: nanoseconds, reason: text },
});

export const cloudAccountId: Wire<CloudAccountId> = count;
const settings = { label: text, maxConcurrentJobs: nat32 };
const sealed = { agent: principal, sealedCredentials: blob };

export const cloudAccount = record<CloudAccountView>({
  id: count,
  provider: count,
  backend,
  label: text,
  agent: principal,
  validity,
  maxConcurrentJobs: nat32,
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
});
export const newCloudAccount = record<NewCloudAccount>({ backend, ...settings, ...sealed });
export const accountChange = record<CloudAccountSettings & WithId>({ id: count, ...settings });
export const credentialsChange = record<SealedCredentials & WithId>({ id: count, ...sealed });

type PageView = Omit<CloudAccountPage, 'rows'> & { readonly rows: readonly CloudAccountView[] };
export const accountPageRequest = record<CloudAccountPageRequest>({
  from: optional(count),
  limit: nat32,
});
export const accountPage = record<PageView>({ rows: list(cloudAccount), next: optional(count) });

const scopes = list(literals<AgentScope>(['provision', 'health', 'catalogue', 'notify']));
const granted = { agent: principal, label: text, scopes, expiresAt: nanoseconds };

export const grantInput = record<GrantInput>(granted);
export const grant = record<AgentGrant>({ provider: count, ...granted, grantedAt: nanoseconds });
export const agentStatus = record<AgentStatus>({
  agent: principal,
  ageRecipient: text,
  version: text,
  lastHeartbeatAt: nanoseconds,
});
export const grantedAgents = list(record<GrantedAgent>({ grant, status: optional(agentStatus) }));
export const heartbeatInput = record<HeartbeatInput>({ ageRecipient: text, version: text });
export const validityReport = record<ValidityReport>({
  cloudAccountId: count,
  problem: optional(text),
});
