import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** Whom the caller lets act for them, with what each last said of itself. */
export async function listMyAgents({ rental }: Caller): Promise<readonly Rental.GrantedAgent[]> {
  return okOf(await rental.list_my_agents());
}

/** Undefined before its first heartbeat. */
export async function readAgent(
  { rental }: Caller,
  agent: Principal,
): Promise<Rental.AgentStatus | undefined> {
  return okUnless('NotFound', await rental.get_agent(agent));
}

/** Takes the place of what the agent was granted before. */
export async function grantAgent(
  { rental }: Caller,
  grant: Rental.GrantInput,
): Promise<Rental.AgentGrant> {
  return okOf(await rental.grant_agent(grant));
}

/** From then on it may do nothing for the caller any more. */
export async function revokeAgent({ rental }: Caller, agent: Principal): Promise<void> {
  okOf(await rental.revoke_agent(agent));
}
