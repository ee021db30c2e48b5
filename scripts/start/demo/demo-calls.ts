import { AnonymousIdentity, HttpAgent, type Identity } from '@dfinity/agent';
import { IcrcLedgerCanister } from '@dfinity/ledger-icrc';
import type { Principal } from '@dfinity/principal';
import type { RunningNetwork } from '../network.ts';
import { StartError } from '../start-error.ts';
import { connect, type Clients, type Deployment } from '../wire.ts';

/** What one person can call. */
export interface PersonsCalls extends Pick<Clients, 'rental' | 'treasury'> {
  readonly principal: Principal;
  ledger(id: Principal): IcrcLedgerCanister;
}

/** Calls as that person; without one as nobody. */
export function callsOf(
  network: Pick<RunningNetwork, 'url' | 'rootKeyHex'>,
  deployment: Deployment,
  identity: Identity = new AnonymousIdentity(),
): PersonsCalls {
  const agent = HttpAgent.createSync({
    host: network.url,
    rootKey: Buffer.from(network.rootKeyHex, 'hex'),
    identity,
  });
  const { rental, treasury } = connect(agent, deployment);
  return {
    rental,
    treasury,
    principal: identity.getPrincipal(),
    ledger: (canisterId) => IcrcLedgerCanister.create({ agent, canisterId }),
  };
}

type WireResult<T> = { Ok: T } | { Err: { readonly message: string } };

/** The answer; a refusal ends the start with the canister's own words. */
export function okOf<T>(what: string, result: WireResult<T>): T {
  if ('Ok' in result) return result.Ok;
  throw new StartError(`${what}: ${result.Err.message}`);
}
