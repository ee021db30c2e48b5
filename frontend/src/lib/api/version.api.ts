import { Actor, type ActorMethod, type HttpAgent } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';

interface VersionService {
  readonly version: ActorMethod<[], string>;
}

const versionService: IDL.InterfaceFactory = ({ IDL: idl }) =>
  idl.Service({ version: idl.Func([], [idl.Text], ['query']) });

/** The canister's own version, from a query whose node signature the agent has verified. */
export function fetchVersion(agent: HttpAgent, canisterId: string): Promise<string> {
  const actor = Actor.createActor<VersionService>(versionService, { agent, canisterId });
  return actor.version();
}
