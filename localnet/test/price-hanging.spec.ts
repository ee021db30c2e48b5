import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installStandardCanisters, standardPrograms } from '../src/cli/standard-network.ts';
import type { Replica } from '../src/core/replica-api.ts';
import type { MessageId } from '../src/core/types.ts';
import { openPersistentNode, type PersistentNode } from '../src/persist/persistent-node.ts';
import { createSilentCanister, SILENT_SERVICE } from '../src/system/dex/silent-canister.ts';
import { DCT_ICP_POOL_ID, ICP_CKUSDC_POOL_ID, ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { FORWARDER_SERVICE } from './fixtures/forwarder-program.ts';
import { methodOf } from './support/service-method.ts';
import { CALLER_ID, PriceWorldClient, SOURCE_SERVICE, USER } from './support/price-world-client.ts';

const SILENT_ID = Principal.fromText('renrk-eyaaa-aaaaa-aaada-cai');
const NOTHING = IDL.encode([], []);
const MINUTE_NS = 60_000_000_000n;
const HANGING = { Hanging: null };
const UP = { Up: null };

let count = 0;

/** Hands a call in and runs what can be run. */
function begin(
  replica: Replica,
  call: { readonly canisterId: Principal; readonly method: string; readonly arg: Uint8Array },
): MessageId {
  count += 1;
  const id = createHash('sha256').update(`hang ${count}`).digest('hex') as MessageId;
  const expiryNs = replica.timeNs() + MINUTE_NS;
  const outcome = replica.submit({ ...call, sender: USER, id, expiryNs });
  if (outcome.kind === 'refused') throw new Error(outcome.reject.message);
  runUntilIdle(replica);
  return id;
}

function runUntilIdle(replica: Replica): void {
  for (let round = 0; round < 10 && replica.wantsRound(replica.timeNs() + 1n); round += 1) {
    replica.round(replica.timeNs() + 1n);
  }
}

describe('a source that hangs', () => {
  let prices: PriceWorldClient;

  beforeEach(() => {
    prices = new PriceWorldClient();
  });

  function beginMetadata(pool = DCT_ICP_POOL_ID): MessageId {
    return begin(prices.client.replica, { canisterId: pool, method: 'metadata', arg: NOTHING });
  }

  it('answers nobody until it is up again, then everybody, in order', () => {
    const { replica } = prices.client;
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_state', HANGING);
    const calls = [beginMetadata(), beginMetadata()];
    for (const id of calls) expect(replica.ingressStatus(id).kind).toBe('processing');
    expect(replica.isAtRest()).toBe(false);
    expect(replica.wantsRound(replica.timeNs() + 1n)).toBe(false);
    expect(prices.world.pools.dctIcp.availability.waitingCount).toBe(2);
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_state', UP);
    for (const id of calls) expect(replica.ingressStatus(id).kind).toBe('replied');
    expect(replica.isAtRest()).toBe(true);
  });

  it('is let go by its handle too, in the next round', () => {
    const { replica } = prices.client;
    const { availability } = prices.world.pools.dctIcp;
    availability.set(HANGING);
    const call = beginMetadata();
    availability.set({ Rejecting: 'closed' });
    runUntilIdle(replica);
    expect(replica.ingressStatus(call)).toMatchObject({
      kind: 'rejected',
      reject: { code: 4, message: 'closed' },
    });
    expect(availability.waitingCount).toBe(0);
  });

  it('hangs on when it is told to hang again', () => {
    const { replica } = prices.client;
    const { availability } = prices.world.pools.dctIcp;
    availability.set(HANGING);
    const call = beginMetadata();
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_state', HANGING);
    expect(replica.ingressStatus(call).kind).toBe('processing');
    availability.set(UP);
    runUntilIdle(replica);
    expect(replica.ingressStatus(call).kind).toBe('replied');
  });

  it('hinders no other canister, and ends queries at once', () => {
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_state', HANGING);
    beginMetadata();
    expect(prices.call(ICP_CKUSDC_POOL_ID, 'metadata')).toHaveProperty('ok');
    expect(prices.call(DCT_ICP_POOL_ID, 'metadata')).toMatchObject({ reject: 5 });
    expect(prices.world.pools.dctIcp.availability.waitingCount).toBe(1);
  });

  it('keeps its caller waiting, and only in that call', () => {
    const { replica } = prices.client;
    prices.world.pools.dctIcp.availability.set(HANGING);
    const what = [DCT_ICP_POOL_ID, 'metadata', NOTHING, 5n];
    const arg = IDL.encode(methodOf(FORWARDER_SERVICE, 'forward').argTypes, what);
    const call = begin(replica, { canisterId: CALLER_ID, method: 'forward', arg });
    expect(replica.ingressStatus(call).kind).toBe('processing');
    const other = { canisterId: ICP_CKUSDC_POOL_ID, method: 'metadata', args: [] };
    expect(prices.forward(other)).toHaveProperty('answer.ok');
    prices.world.pools.dctIcp.availability.set(UP);
    runUntilIdle(replica);
    const status = replica.ingressStatus(call);
    if (status.kind !== 'replied') throw new Error(status.kind);
    const { retTypes } = methodOf(FORWARDER_SERVICE, 'forward');
    expect(IDL.decode(retTypes, status.data)[0]).toHaveProperty('refunded', 5n);
  });
});

describe('the silent canister', () => {
  it('takes any method, keeps it open, and rejects it when released', () => {
    const prices = new PriceWorldClient();
    const { client } = prices;
    client.replica.installNative(SILENT_ID, createSilentCanister());
    const methods = ['metadata', 'icrc1_transfer', 'what is this'];
    const calls = methods.map((method) =>
      begin(client.replica, { canisterId: SILENT_ID, method, arg: new Uint8Array(0) }),
    );
    for (const id of calls) expect(client.replica.ingressStatus(id).kind).toBe('processing');
    const target = { sender: USER, canisterId: SILENT_ID };
    const waiting = { ...target, method: 'localnet_waiting' };
    expect(client.call(waiting, SILENT_SERVICE)).toBe(3n);
    expect(client.call({ ...target, method: 'localnet_release' }, SILENT_SERVICE)).toBe(3n);
    for (const id of calls) {
      expect(client.replica.ingressStatus(id)).toMatchObject({
        kind: 'rejected',
        reject: { code: 4, message: 'released without an answer' },
      });
    }
    expect(client.call(waiting, SILENT_SERVICE)).toBe(0n);
    expect(client.replica.isAtRest()).toBe(true);
  });
});

describe('a network that ends while a source hangs', () => {
  let stateDir: string;

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'price-hanging-'));
  });

  afterEach(() => {
    rmSync(stateDir, { recursive: true });
  });

  function open(): PersistentNode {
    return openPersistentNode({
      stateDir,
      genesis: installStandardCanisters,
      programs: standardPrograms,
    });
  }

  it('has the open call back and answers it when the source is up', () => {
    const first = open();
    setState(first, HANGING);
    const target = { canisterId: DCT_ICP_POOL_ID, method: 'metadata', arg: NOTHING };
    const call = begin(first.node.replica, target);
    first.close();
    const second = open();
    const { replica } = second.node;
    expect(replica.ingressStatus(call).kind).toBe('processing');
    const balanceArg = IDL.encode(
      [IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) })],
      [{ owner: USER, subaccount: [] }],
    );
    const balance = { canisterId: ICP_LEDGER_ID, method: 'icrc1_balance_of', arg: balanceArg };
    expect(replica.ingressStatus(begin(replica, balance)).kind).toBe('replied');
    setState(second, UP);
    expect(replica.ingressStatus(call).kind).toBe('replied');
    second.close();
    const third = open();
    expect(third.node.replica.ingressStatus(call).kind).toBe('replied');
    expect(third.node.replica.isAtRest()).toBe(true);
    third.close();
  });

  function setState({ node }: PersistentNode, state: unknown): void {
    const { argTypes } = methodOf(SOURCE_SERVICE, 'localnet_set_state');
    const arg = IDL.encode(argTypes, [state]);
    begin(node.replica, { canisterId: DCT_ICP_POOL_ID, method: 'localnet_set_state', arg });
  }
});
