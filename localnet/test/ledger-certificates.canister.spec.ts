import { Certificate, LookupPathStatus } from '@dfinity/agent';
import type { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCbor } from '../src/crypto/cbor.ts';
import { hashTreeFromCbor } from '../src/crypto/hash-tree-cbor.ts';
import { createNode, type LocalnetNode } from '../src/localnet-node.ts';
import { CMC_SERVICE } from '../src/system/cmc/cmc-idl.ts';
import { CYCLES_LEDGER_SERVICE } from '../src/system/cycles-ledger/cycles-idl.ts';
import { installSystemCanisters } from '../src/system/genesis.ts';
import { toHex } from '../src/system/ledger/core/account.ts';
import { ICP_LEDGER_SERVICE } from '../src/system/ledger/icp/icp-idl.ts';
import { ICRC_LEDGER_SERVICE } from '../src/system/ledger/icrc/icrc-idl.ts';
import {
  CKUSDC_LEDGER_ID,
  CMC_ID,
  CYCLES_LEDGER_ID,
  ICP_LEDGER_ID,
} from '../src/system/system-ids.ts';
import { CKUSDC } from '../src/system/tokens.ts';
import { ALICE, call, type LedgerWorld } from './fixtures/ledger-world.ts';
import { ReplicaClient } from './fixtures/replica-client.ts';

interface Proof {
  readonly certificate: Uint8Array;
  readonly hash_tree: Uint8Array;
}

let node: LocalnetNode;
let client: ReplicaClient;

beforeAll(() => {
  node = createNode({ seed: new Uint8Array(32).fill(5) });
  installSystemCanisters(node.replica, { tokens: [CKUSDC] });
  client = new ReplicaClient(node.replica);
  client.advance(1n);
});

function world(ledgerId: Principal, service: LedgerWorld['service']): LedgerWorld {
  return { client, ledgerId, service };
}

/** The certified data of a canister as a client that trusts only the root key sees it. */
async function verified(certificate: Uint8Array, canisterId: Principal): Promise<string> {
  const opened = await Certificate.create({
    certificate: new Uint8Array(certificate),
    rootKey: node.replica.rootKey,
    canisterId,
  });
  const path = ['canister', canisterId.toUint8Array(), 'certified_data'];
  const found = opened.lookup_path(path);
  if (found.status !== LookupPathStatus.Found) throw new Error('no certified data');
  return toHex(new Uint8Array(found.value));
}

function rootOf(proof: Proof): string {
  return toHex(hashTreeFromCbor(decodeCbor(proof.hash_tree)).hash);
}

describe('certificates of genesis, before any transaction', () => {
  it.each([
    ['cycles ledger', CYCLES_LEDGER_ID, CYCLES_LEDGER_SERVICE],
    ['ICRC ledger', CKUSDC_LEDGER_ID, ICRC_LEDGER_SERVICE],
  ])('of the %s prove the tip of its log', async (_name, id, service) => {
    const [proof] = call(world(id, service), ALICE, 'icrc3_get_tip_certificate') as Proof[];
    if (proof === undefined) throw new Error('no tip certificate');
    expect(await verified(proof.certificate, id)).toBe(rootOf(proof));
  });

  it('of the CMC prove the conversion rate', async () => {
    const proof = call(world(CMC_ID, CMC_SERVICE), ALICE, 'get_icp_xdr_conversion_rate') as Proof;
    expect(await verified(proof.certificate, CMC_ID)).toBe(rootOf(proof));
  });

  it('of the ICP ledger prove the hash of its last block', async () => {
    const icp = world(ICP_LEDGER_ID, ICP_LEDGER_SERVICE);
    const { certification } = call(icp, ALICE, 'tip_of_chain') as { certification: Uint8Array[] };
    const [certificate] = certification;
    if (certificate === undefined) throw new Error('no certificate');
    const tip = node.replica.canister(ICP_LEDGER_ID)?.certifiedData ?? new Uint8Array();
    expect(tip).toHaveLength(32);
    expect(await verified(certificate, ICP_LEDGER_ID)).toBe(toHex(tip));
  });
});
