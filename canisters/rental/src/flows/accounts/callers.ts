import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { requireController, requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Account } from '../../core/accounts/account.ts';
import { newAccount } from '../../core/accounts/new-account.ts';
import type { AgentScope, Provider } from '../../core/accounts/provider.ts';
import type { Settings } from '../../core/settings.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

type Stored = Pick<RentalCanister, 'runtime' | 'storage'>;

/** The caller's account, for reading. Refuses whoever has none yet. */
export function callerAccount(c: Stored): Result<Account, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const account = c.storage.accounts.accountOf(caller.value);
  if (account !== undefined) return ok(account);
  const message =
    'This login has no account yet: it is made with the first thing that you do. ' +
    'If you have one already, sign in the way you did then and link this login.';
  return refuse({ kind: 'not-found' }, message);
}

/** The caller's account, for changing something: the call is counted, and a first one makes it. */
export function actingAccount(c: RentalCanister): Result<Account, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const at = c.runtime.time();
  const taken = c.callers.take(caller.value, at);
  if (taken.kind === 'err') return taken;
  const { accounts, accountOf, accountIds, logins } = c.storage.accounts;
  const known = accountOf(caller.value);
  if (known !== undefined) return ok(known);
  const account = newAccount({ id: accountIds.next(), principal: caller.value, at });
  accounts.set(account.id, account);
  logins.set(caller.value, { account: account.id });
  return ok(account);
}

/** An account that sells. */
export interface ActingProvider {
  readonly account: Account;
  readonly provider: Provider;
}

/** The caller as a seller, for changing something. */
export function actingProvider(c: RentalCanister): Result<ActingProvider, RentalError> {
  const account = actingAccount(c);
  return account.kind === 'err' ? account : asProvider(c, account.value);
}

/** The caller as a seller, for reading. */
export function callerProvider(c: Stored): Result<ActingProvider, RentalError> {
  const account = callerAccount(c);
  return account.kind === 'err' ? account : asProvider(c, account.value);
}

function asProvider(
  c: Pick<RentalCanister, 'storage'>,
  account: Account,
): Result<ActingProvider, RentalError> {
  const provider = c.storage.accounts.providers.get(account.id);
  if (provider !== undefined) return ok({ account, provider });
  const message = 'Only sellers may do this. Nothing was done: call register_provider first.';
  return refuse({ kind: 'not-allowed' }, message);
}

/**
 * The caller as an agent; the call is counted. Somebody granted it something that is not revoked, or
 * it is an agent of the platform: whether it may do this for that provider, `agentMay` says.
 */
export function actingAgent(c: RentalCanister): Result<Principal, RentalError> {
  const agent = callerAgent(c);
  if (agent.kind === 'err') return agent;
  const taken = c.agents.take(agent.value, c.runtime.time());
  return taken.kind === 'err' ? taken : agent;
}

/** The caller as an agent, for reading. */
export function callerAgent(c: Stored): Result<Principal, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const agent = caller.value;
  if ((c.storage.accounts.agents.get(agent)?.grants ?? 0) > 0) return ok(agent);
  if (isPlatformAgent(c, agent)) return ok(agent);
  const message =
    `${agent.toText()} is no agent: nobody granted it anything, or everything was revoked. ` +
    'Nothing was done. Stop working, and ask the seller to call grant_agent.';
  return refuse({ kind: 'not-allowed' }, message);
}

/** A controller of this canister. */
export function requireOperator(
  c: Pick<RentalCanister, 'runtime'>,
): Result<Principal, RentalError> {
  return requireController(c.runtime);
}

/** True if the agent may do that for the provider at this moment. */
export function agentMay(
  c: Stored,
  asked: {
    readonly agent: Principal;
    readonly provider: AccountId;
    readonly scope: AgentScope;
  },
): boolean {
  const { agent, provider, scope } = asked;
  const grant = c.storage.accounts.grants.get([provider, agent]);
  if (grant !== undefined && grant.expiresAt > c.runtime.time() && grant.scopes.includes(scope)) {
    return true;
  }
  return scope === 'health' && isPlatformAgent(c, agent);
}

/** True for an agent that the settings name. */
export function isPlatformAgent(c: Pick<RentalCanister, 'storage'>, agent: Principal): boolean {
  const platformAgents = c.storage.accounts.settings.get(null)?.platformAgents ?? [];
  return platformAgents.some((one) => one.compareTo(agent) === 'eq');
}

/** What controllers set. Refuses until they did. */
export function settingsOf(c: Pick<RentalCanister, 'storage'>): Result<Settings, RentalError> {
  const settings = c.storage.accounts.settings.get(null);
  if (settings !== undefined) return ok(settings);
  const message =
    'The marketplace is not set up yet. Nothing was done, and nothing was taken. ' +
    'A controller has to call set_settings first.';
  return refuse({ kind: 'not-configured' }, message);
}
