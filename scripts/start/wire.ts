import { Actor, type ActorSubclass, type HttpAgent } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { idlFactory as archiveIdl } from '../../dist/canisters/archive/declarations/archive.did.ts';
import type { _SERVICE as Archive } from '../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory as rentalIdl } from '../../dist/canisters/rental/declarations/rental.did.ts';
import type { _SERVICE as Rental } from '../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory as tokenValueIdl } from '../../dist/canisters/token-value/declarations/token-value.did.ts';
import type { _SERVICE as TokenValue } from '../../dist/canisters/token-value/declarations/token-value.did.ts';
import { idlFactory as treasuryIdl } from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { _SERVICE as Treasury } from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { CanisterName } from '../canisters/layout.ts';

/** Where each canister of a deployment is. */
export type Deployment = Readonly<Record<CanisterName, Principal>>;

/** A client for each canister of a deployment, typed by its Candid. */
export interface Clients {
  readonly rental: ActorSubclass<Rental>;
  readonly treasury: ActorSubclass<Treasury>;
  readonly 'token-value': ActorSubclass<TokenValue>;
  readonly archive: ActorSubclass<Archive>;
}

export function connect(agent: HttpAgent, deployment: Deployment): Clients {
  const client = <Service>(factory: IDL.InterfaceFactory, canisterId: Principal) =>
    Actor.createActor<Service>(factory, { agent, canisterId });
  return {
    rental: client<Rental>(rentalIdl, deployment.rental),
    treasury: client<Treasury>(treasuryIdl, deployment.treasury),
    'token-value': client<TokenValue>(tokenValueIdl, deployment['token-value']),
    archive: client<Archive>(archiveIdl, deployment.archive),
  };
}
