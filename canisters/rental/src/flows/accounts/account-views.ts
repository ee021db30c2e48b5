import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { LoginOffer } from '../../core/accounts/logins.ts';
import type {
  AgentGrant,
  AgentStatus,
  CloudAccount,
  Provider,
} from '../../core/accounts/provider.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { AccountLinks } from '../../storage/accounts/account-links.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { callerAccount, callerAgent, callerProvider } from './callers.ts';
import { agentsOf } from './grant-agent.flow.ts';
import { openOffer } from './link-login.flow.ts';
import { workedAccount } from './worked-account.ts';

type Stored = Pick<RentalCanister, 'runtime' | 'storage'>;

/** The newest first; `next` is the `from` of the page after it. */
export interface CloudAccountPage {
  readonly rows: readonly CloudAccount[];
  readonly next: CloudAccountId | undefined;
}

export type CloudAccountPageRequest = IdPageRequest<CloudAccountId>;

/** A grant with what its agent said about itself; undefined before its first heartbeat. */
export interface GrantedAgent {
  readonly grant: AgentGrant;
  readonly status: AgentStatus | undefined;
}

/** An offered login as the one sees it who may accept it. */
export interface LoginOfferView {
  readonly offer: LoginOffer;
  readonly displayName: string;
}

/** The login that an account offers the caller. */
export function viewLoginOffer(c: Stored, id: AccountId): Result<LoginOfferView, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const offer = openOffer(c, id, caller.value);
  const account = c.storage.accounts.accounts.get(id);
  if (offer !== undefined && account !== undefined) {
    return ok({ offer, displayName: account.displayName });
  }
  const message =
    `Account ${id} offers you no login, or no longer: an offer stands for a day. ` +
    'Sign in the other way, and offer it again.';
  return refuse({ kind: 'not-found' }, message);
}

/** For everybody. */
export function viewProvider(c: Stored, id: AccountId): Result<Provider, RentalError> {
  return found(c.storage.accounts.providers.get(id), 'seller');
}

/** The seller that the caller is. */
export function viewOwnProvider(c: Stored): Result<Provider, RentalError> {
  const account = callerAccount(c);
  return account.kind === 'err' ? account : viewProvider(c, account.value.id);
}

/** For everybody: credentials are sealed to the recipient that it names. */
export function viewAgent(c: Stored, agent: Principal): Result<AgentStatus, RentalError> {
  return found(statusOf(c, agent), 'agent that has reported');
}

/** Whom the caller granted something, expired ones too; at most 20. */
export function listOwnAgents(c: Stored): Result<readonly GrantedAgent[], RentalError> {
  return mapOk(callerProvider(c), ({ provider }) =>
    agentsOf(c, provider.id).map((agent) => ({
      grant: present(c.storage.accounts.grants.get([provider.id, agent]), 'a grant is lost'),
      status: statusOf(c, agent),
    })),
  );
}

/** A cloud account, for its owner and for its agent. */
export function viewCloudAccount(c: Stored, id: CloudAccountId): Result<CloudAccount, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const account = c.storage.accounts.cloudAccounts.get(id);
  const owner = c.storage.accounts.accountOf(caller.value)?.id;
  const isEntitled =
    account !== undefined && (account.provider === owner || isSame(account.agent, caller.value));
  if (isEntitled) return ok(account);
  const message =
    `You neither have nor work a cloud account ${id}. ` +
    'Choose one of list_my_cloud_accounts or list_agent_accounts.';
  return refuse({ kind: 'not-found' }, message);
}

/** A cloud account's credentials as they were sealed to its agent, for that agent alone. */
export function viewCredentials(c: Stored, id: CloudAccountId): Result<Uint8Array, RentalError> {
  const agent = callerAgent(c);
  if (agent.kind === 'err') return agent;
  const scopes = ['provision', 'catalogue', 'health'] as const;
  return mapOk(
    workedAccount(c, { agent: agent.value, id, scopes }),
    ({ sealedCredentials }) => sealedCredentials,
  );
}

/** The caller's cloud accounts. */
export function listOwnCloudAccounts(
  c: Stored,
  request: CloudAccountPageRequest,
): Result<CloudAccountPage, RentalError> {
  const own = callerProvider(c);
  if (own.kind === 'err') return own;
  return pageOfAccounts(c, { kind: 'of-provider', of: own.value.provider.id }, request);
}

/** The cloud accounts that the caller works as an agent, of all sellers. */
export function listAgentAccounts(
  c: Stored,
  request: CloudAccountPageRequest,
): Result<CloudAccountPage, RentalError> {
  const agent = callerAgent(c);
  if (agent.kind === 'err') return agent;
  return pageOfAccounts(c, { kind: 'of-agent', of: agent.value }, request);
}

function pageOfAccounts(
  c: Stored,
  links: AccountLinks,
  request: CloudAccountPageRequest,
): Result<CloudAccountPage, RentalError> {
  const { cloudAccountLinks, cloudAccounts } = c.storage.accounts;
  return mapOk(pageOfIds(cloudAccountLinks, links, request), ({ ids, next }) => {
    const rows = ids.map((id) => present(cloudAccounts.get(id), `cloud account ${id} is lost`));
    return { rows, next };
  });
}

function statusOf(c: Stored, agent: Principal): AgentStatus | undefined {
  const known = c.storage.accounts.agents.get(agent);
  if (known?.ageRecipient === undefined || known.lastHeartbeatAt === undefined) return undefined;
  const { ageRecipient, version, lastHeartbeatAt } = known;
  return { agent, ageRecipient, version, lastHeartbeatAt };
}
