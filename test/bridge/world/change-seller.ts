import { Encrypter } from 'age-encryption';
import type { AgentScope } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf } from '../../../scripts/start/demo/demo-calls.ts';
import type { BridgeWorld } from './bridge-world.ts';

const SCOPES: AgentScope[] = [{ Provision: null }, { Health: null }, { Catalogue: null }];
const DAY_NS = 86_400_000_000_000n;

/** The seller puts another token in. */
export async function replaceToken(world: BridgeWorld, name: string, token: string): Promise<void> {
  const { calls, cloudAccountId } = world.seller(name);
  const { principal, ageRecipient } = world.agent;
  const encrypter = new Encrypter();
  encrypter.addRecipient(ageRecipient);
  const sealed = await encrypter.encrypt(token);
  const input = { id: cloudAccountId, agent: principal, sealed_credentials: sealed };
  okOf('credentials', await calls.rental.replace_cloud_credentials(input));
}

export async function revokeAgent(world: BridgeWorld, name: string): Promise<void> {
  const { calls } = world.seller(name);
  okOf('revoke', await calls.rental.revoke_agent(world.agent.principal));
}

export async function grantAgent(world: BridgeWorld, name: string): Promise<void> {
  const { calls } = world.seller(name);
  const { network, agent } = world;
  const grant = { agent: agent.principal, label: 'bridge', scopes: SCOPES };
  okOf(
    'grant',
    await calls.rental.grant_agent({ ...grant, expires_at_ns: network.nowNs() + DAY_NS }),
  );
}
