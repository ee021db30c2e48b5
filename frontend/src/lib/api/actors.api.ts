import {
  Actor,
  AnonymousIdentity,
  HttpAgent,
  type ActorSubclass,
  type Identity,
} from '@dfinity/agent';
import type { IcrcLedgerCanister } from '@dfinity/ledger-icrc';
import type { Principal } from '@dfinity/principal';
import { idlFactory as archiveIdl } from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory as rentalIdl } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory as tokenValueIdl } from '../../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { idlFactory as treasuryIdl } from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { Network } from '../schemas/network.schema.ts';
import type { Archive, Rental, TokenValue, Treasury } from './wire.ts';

/** The canisters of this deployment, called as one person. */
export interface Actors {
  readonly principal: Principal;
  readonly isAnonymous: boolean;
  readonly agent: HttpAgent;
  readonly rental: ActorSubclass<Rental._SERVICE>;
  readonly treasury: ActorSubclass<Treasury._SERVICE>;
  readonly tokenValue: ActorSubclass<TokenValue._SERVICE>;
  readonly archive: ActorSubclass<Archive._SERVICE>;
  /** Its code is loaded when it is first asked for. */
  ledger(canisterId: Principal): Promise<IcrcLedgerCanister>;
}

/** An agent that trusts the root key which the page was deployed with, and no other. */
export function createAgent(network: Network, identity?: Identity): HttpAgent {
  const rootKey = network.rootKey === undefined ? {} : { rootKey: bytesOfHex(network.rootKey) };
  const person = identity ?? new AnonymousIdentity();
  return HttpAgent.createSync({ host: network.gatewayUrl, identity: person, ...rootKey });
}

/** Calls as that person; without one as nobody. */
export function connect(network: Network, identity: Identity = new AnonymousIdentity()): Actors {
  const agent = createAgent(network, identity);
  const { rental, treasury, archive, 'token-value': tokenValue } = network.canisters;
  const principal = identity.getPrincipal();
  return {
    principal,
    isAnonymous: principal.isAnonymous(),
    agent,
    rental: Actor.createActor<Rental._SERVICE>(rentalIdl, { agent, canisterId: rental }),
    treasury: Actor.createActor<Treasury._SERVICE>(treasuryIdl, { agent, canisterId: treasury }),
    tokenValue: Actor.createActor<TokenValue._SERVICE>(tokenValueIdl, {
      agent,
      canisterId: tokenValue,
    }),
    archive: Actor.createActor<Archive._SERVICE>(archiveIdl, { agent, canisterId: archive }),
    ledger: async (canisterId) => {
      const { IcrcLedgerCanister } = await import('@dfinity/ledger-icrc');
      return IcrcLedgerCanister.create({ agent, canisterId });
    },
  };
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
