import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { AgentScope, CloudAccount } from '../../core/accounts/provider.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { agentMay } from './callers.ts';

type Stored = Pick<RentalCanister, 'runtime' | 'storage'>;

/** A cloud account that an agent works, if it holds one of the scopes for its seller at this moment. */
export function workedAccount(
  c: Stored,
  asked: {
    readonly agent: Principal;
    readonly id: CloudAccountId;
    readonly scopes: readonly AgentScope[];
  },
): Result<CloudAccount, RentalError> {
  const account = c.storage.accounts.cloudAccounts.get(asked.id);
  return account !== undefined && works(c, { ...asked, account })
    ? ok(account)
    : refuseAgent(asked);
}

/** True for the account's own agent with one of the scopes. */
export function works(
  c: Stored,
  asked: {
    readonly agent: Principal;
    readonly account: CloudAccount;
    readonly scopes: readonly AgentScope[];
  },
): boolean {
  const { agent, account, scopes } = asked;
  if (!isSame(account.agent, agent)) return false;
  return scopes.some((scope) => agentMay(c, { agent, provider: account.provider, scope }));
}

/** Nobody learns from it whether the account exists. */
export function refuseAgent({ id }: { readonly id: CloudAccountId }): Result<never, RentalError> {
  const message =
    `Cloud account ${id} is not, or no longer, worked by this agent. ` +
    'Nothing was changed. Stop working on it.';
  return refuse({ kind: 'not-allowed' }, message);
}
