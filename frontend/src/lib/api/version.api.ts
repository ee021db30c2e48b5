import { Actor, HttpAgent, type ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Network } from '../schemas/network.schema.ts';

interface VersionService {
  readonly version: ActorMethod<[], string>;
}

const versionService: IDL.InterfaceFactory = ({ IDL: idl }) =>
  idl.Service({ version: idl.Func([], [idl.Text], ['query']) });

/** An agent that trusts the root key which the page was deployed with, and no other. */
export function createAgent(network: Network): HttpAgent {
  const rootKey = network.rootKey === undefined ? {} : { rootKey: bytesOfHex(network.rootKey) };
  return HttpAgent.createSync({ host: network.gatewayUrl, ...rootKey });
}

/** The canister's own version, from a query whose node signature the agent has verified. */
export function fetchVersion(agent: HttpAgent, canisterId: string): Promise<string> {
  const actor = Actor.createActor<VersionService>(versionService, { agent, canisterId });
  return actor.version();
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
