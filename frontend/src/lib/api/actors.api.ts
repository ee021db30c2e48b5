import { Actor, AnonymousIdentity, HttpAgent, type Identity } from '@dfinity/agent';
import type { IcrcLedgerCanister } from '@dfinity/ledger-icrc';
import type { Principal } from '@dfinity/principal';
import { idlFactory as rentalIdl } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import type { Network } from '../schemas/network.schema.ts';
import type { Archive, Rental, TokenValue, Treasury } from './wire.ts';

/** The canisters of this deployment, called as one person. */
export interface Actors {
  readonly principal: Principal;
  readonly isAnonymous: boolean;
  readonly agent: HttpAgent;
  readonly rental: Rental._SERVICE;
  readonly treasury: Treasury._SERVICE;
  readonly tokenValue: TokenValue._SERVICE;
  readonly archive: Archive._SERVICE;
  /** Its code is loaded when it is first asked for. */
  ledger(canisterId: Principal): Promise<IcrcLedgerCanister>;
}

/** An agent that trusts the root key which the page was deployed with, and no other. */
function createAgent(network: Network, identity?: Identity): HttpAgent {
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
    treasury: lazyActor<Treasury._SERVICE>(async () => {
      const { idlFactory } =
        await import('../../../../dist/canisters/treasury/declarations/treasury.did.ts');
      return Actor.createActor(idlFactory, { agent, canisterId: treasury });
    }),
    tokenValue: lazyActor<TokenValue._SERVICE>(async () => {
      const { idlFactory } =
        await import('../../../../dist/canisters/token-value/declarations/token-value.did.ts');
      return Actor.createActor(idlFactory, { agent, canisterId: tokenValue });
    }),
    archive: lazyActor<Archive._SERVICE>(async () => {
      const { idlFactory } =
        await import('../../../../dist/canisters/archive/declarations/archive.did.ts');
      return Actor.createActor(idlFactory, { agent, canisterId: archive });
    }),
    ledger: async (canisterId) => {
      const { IcrcLedgerCanister } = await import('@dfinity/ledger-icrc');
      return IcrcLedgerCanister.create({ agent, canisterId });
    },
  };
}

/** An actor whose Candid is loaded with its first call, because most screens call few canisters. */
function lazyActor<Service extends object>(make: () => Promise<Service>): Service {
  let made: Promise<Service> | undefined;
  return new Proxy({} as Service, {
    get:
      (_none, name) =>
      async (...args: unknown[]): Promise<unknown> => {
        // A part of the page that could not be loaded is tried again with the next call.
        made ??= make().catch((error: unknown) => {
          made = undefined;
          throw error;
        });
        const method: unknown = Reflect.get(await made, name);
        if (typeof method !== 'function') throw new Error(`BUG: there is no ${String(name)}`);
        return Reflect.apply(method, undefined, args);
      },
  });
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
