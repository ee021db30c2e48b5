import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { blob, fromWire, nothing, principal } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { listAgentAccounts, listOwnAgents, viewAgent } from '../flows/accounts/account-views.ts';
import { viewCredentials } from '../flows/accounts/account-views.ts';
import { grantAgent, heartbeat, revokeAgent } from '../flows/accounts/grant-agent.flow.ts';
import { reportValidity } from '../flows/accounts/report-validity.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { accountPage, accountPageRequest, agentStatus, grant } from './wire/provider-wire.ts';
import { grantedAgents, grantInput, heartbeatInput } from './wire/provider-wire.ts';
import { cloudAccountId, validityReport } from './wire/provider-wire.ts';

const GrantResult = resultOf(grant);
const AgentsResult = resultOf(grantedAgents);
const StatusResult = resultOf(agentStatus);
const PageResult = resultOf(accountPage);
const CredentialsResult = resultOf(blob);
const NothingResult = resultOf(nothing);

/** Who may act for sellers, and what agents say about themselves. */
export class AgentEndpoints {
  @update([grantInput.type], GrantResult.type)
  grant_agent(raw: unknown): WireResult<unknown> {
    return GrantResult.to(grantAgent(canister, fromWire(grantInput, raw)));
  }

  @update([principal.type], NothingResult.type)
  revoke_agent(agent: Principal): WireResult<unknown> {
    return NothingResult.to(revokeAgent(canister, agent));
  }

  @query([], AgentsResult.type)
  list_my_agents(): WireResult<unknown> {
    return AgentsResult.to(listOwnAgents(canister));
  }

  /** For everybody. */
  @query([principal.type], StatusResult.type)
  get_agent(agent: Principal): WireResult<unknown> {
    return StatusResult.to(viewAgent(canister, agent));
  }

  /** Agents only. */
  @update([heartbeatInput.type], StatusResult.type)
  agent_heartbeat(raw: unknown): WireResult<unknown> {
    return StatusResult.to(heartbeat(canister, fromWire(heartbeatInput, raw)));
  }

  /** Agents only. */
  @query([accountPageRequest.type], PageResult.type)
  list_agent_accounts(raw: unknown): WireResult<unknown> {
    return PageResult.to(listAgentAccounts(canister, fromWire(accountPageRequest, raw)));
  }

  /** The agent of the account only. */
  @query([cloudAccountId.type], CredentialsResult.type)
  get_account_credentials(raw: unknown): WireResult<unknown> {
    return CredentialsResult.to(viewCredentials(canister, fromWire(cloudAccountId, raw)));
  }

  /** The agent of the account only. */
  @update([validityReport.type], NothingResult.type)
  report_account_validity(raw: unknown): WireResult<unknown> {
    return NothingResult.to(reportValidity(canister, fromWire(validityReport, raw)));
  }
}
