import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { createReplica } from '../src/core/create-replica.ts';
import { installPriceWorld } from '../src/system/dex/price-world.ts';
import {
  DCT_ICP_POOL_ID,
  KONG_ID,
  OISY_TRADE_ID,
  SWAP_FACTORY_ID,
  XRC_ID,
} from '../src/system/system-ids.ts';
import { REPLICA_OPTIONS } from './fixtures/ledger-worlds.ts';
import {
  KONG_DID,
  OISY_TRADE_DID,
  SWAP_FACTORY_DID,
  SWAP_POOL_DID,
  XRC_DID,
} from './fixtures/price-source-candid.ts';
import { canonicalMethods } from './support/canonical-candid.ts';

const CONTRACTS = [
  { name: 'ICPSwap SwapFactory', id: SWAP_FACTORY_ID, did: SWAP_FACTORY_DID, count: 2 },
  { name: 'ICPSwap SwapPool', id: DCT_ICP_POOL_ID, did: SWAP_POOL_DID, count: 6 },
  { name: 'exchange rate canister', id: XRC_ID, did: XRC_DID, count: 1 },
  { name: 'OISY TRADE', id: OISY_TRADE_ID, did: OISY_TRADE_DID, count: 1 },
  { name: 'KongSwap', id: KONG_ID, did: KONG_DID, count: 3 },
];

describe('Candid of the price sources', () => {
  it.each(CONTRACTS)('is that of $name, and localnet_ methods', ({ id, did, count }) => {
    const expected = canonicalMethods(did);
    expect(expected.size).toBe(count);
    const served = canonicalMethods(candidServedBy(id));
    for (const [name, signature] of expected) expect(served.get(name)).toBe(signature);
    const others = [...served.keys()].filter((name) => !expected.has(name));
    expect(others.length).toBeGreaterThan(2);
    for (const name of others) expect(name).toMatch(/^localnet_/);
  });
});

describe('canonicalMethods', () => {
  it('tells types apart and forgives order and names', () => {
    const one = 'type T = record { b : nat; a : opt text }; service : { f : (T) -> () query }';
    const same = 'service : { "f" : (record { a : opt text; b : nat; }) -> () query; }';
    const other = 'service : { f : (record { a : opt text; b : nat64 }) -> () query }';
    expect(canonicalMethods(same)).toEqual(canonicalMethods(one));
    expect(canonicalMethods(other)).not.toEqual(canonicalMethods(one));
    expect(() => canonicalMethods('service : { f : () -> (nat) § }')).toThrow(/not understood/);
  });
});

function candidServedBy(id: Principal): string {
  const replica = createReplica(REPLICA_OPTIONS);
  installPriceWorld(replica, { kongSwap: 'working' });
  const section = replica.canister(id)?.metadata.find(({ name }) => name === 'candid:service');
  if (section === undefined) throw new Error(`no Candid at ${id.toText()}`);
  return new TextDecoder().decode(section.content);
}
