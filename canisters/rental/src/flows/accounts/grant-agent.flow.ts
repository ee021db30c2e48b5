import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { AgentGrant, AgentStatus } from '../../core/accounts/provider.ts';
import { checkGrant, checkHeartbeat, isSame } from '../../core/accounts/provider-rules.ts';
import type { GrantInput, HeartbeatInput } from '../../core/accounts/provider-rules.ts';
import type { KnownAgent } from '../../storage/accounts/account-fields.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingAgent, actingProvider, isPlatformAgent } from './callers.ts';

/** Of one provider, expired ones too. */
const MAX_AGENTS = 20;

const UNKNOWN: KnownAgent = {
  grants: 0,
  ageRecipient: undefined,
  version: '',
  lastHeartbeatAt: undefined,
};

/** Lets an agent act for the caller; takes the place of what it was granted before. */
export function grantAgent(c: RentalCanister, input: GrantInput): Result<AgentGrant, RentalError> {
  const acting = actingProvider(c);
  if (acting.kind === 'err') return acting;
  const now = c.runtime.time();
  const checked = checkGrant(input, now);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  const { id } = acting.value.provider;
  const { grants, grantedAgents, agents } = c.storage.accounts;
  const { agent } = checked.value;
  if (!grants.has([id, agent])) {
    const granted = agentsOf(c, id);
    if (granted.length >= MAX_AGENTS) return refuseFull();
    grantedAgents.set(id, { agents: [...granted, agent] });
    const known = agents.get(agent) ?? UNKNOWN;
    agents.set(agent, { ...known, grants: known.grants + 1 });
  }
  const grant: AgentGrant = { ...checked.value, provider: id, grantedAt: now };
  grants.set([id, agent], grant);
  return ok(grant);
}

/** Ends everything that an agent may do for the caller with this very message. */
export function revokeAgent(c: RentalCanister, agent: Principal): Result<null, RentalError> {
  const acting = actingProvider(c);
  if (acting.kind === 'err') return acting;
  if (dropGrant(c, acting.value.provider.id, agent)) return ok(null);
  return refuse(
    { kind: 'not-found' },
    `You granted ${agent.toText()} nothing, so there is nothing to revoke. Look at list_my_agents.`,
  );
}

/** Revokes all that a provider granted, when its account is deleted. At most `MAX_AGENTS`. */
export function dropGrants(c: RentalCanister, provider: AccountId): void {
  for (const agent of agentsOf(c, provider)) dropGrant(c, provider, agent);
}

/** An agent says that it is there, and which key credentials are sealed to for it. */
export function heartbeat(
  c: RentalCanister,
  input: HeartbeatInput,
): Result<AgentStatus, RentalError> {
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  const checked = checkHeartbeat(input);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  const { agents } = c.storage.accounts;
  const { grants } = agents.get(agent.value) ?? UNKNOWN;
  const said = { ...checked.value, lastHeartbeatAt: c.runtime.time() };
  agents.set(agent.value, { grants, ...said });
  return ok({ agent: agent.value, ...said });
}

/** Whom a provider granted something, in the order of granting. */
export function agentsOf(
  c: Pick<RentalCanister, 'storage'>,
  provider: AccountId,
): readonly Principal[] {
  return c.storage.accounts.grantedAgents.get(provider)?.agents ?? [];
}

/** False if there was none. What an agent said about itself is forgotten with its last grant. */
function dropGrant(c: RentalCanister, provider: AccountId, agent: Principal): boolean {
  const { grants, grantedAgents, agents } = c.storage.accounts;
  if (!grants.remove([provider, agent])) return false;
  const others = agentsOf(c, provider).filter((one) => !isSame(one, agent));
  if (others.length === 0) grantedAgents.remove(provider);
  else grantedAgents.set(provider, { agents: others });
  const known = agents.get(agent) ?? UNKNOWN;
  if (known.grants > 1 || isPlatformAgent(c, agent)) {
    agents.set(agent, { ...known, grants: Math.max(known.grants - 1, 0) });
  } else {
    agents.remove(agent);
  }
  return true;
}

function refuseFull() {
  const message =
    `A seller has at most ${MAX_AGENTS} agents, expired ones too. Nothing was granted: ` +
    'revoke one that you do not need.';
  return refuse({ kind: 'quota-exceeded', limit: MAX_AGENTS }, message);
}
