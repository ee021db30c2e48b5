import { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../src/system/ledger/core/account.ts';
import { ICP_TRANSFER_FEE_E8S as FEE } from '../src/system/ledger/icp/icp-ledger.ts';
import { ICP_ARCHIVE_SERVICE } from '../src/system/ledger/icp/icp-idl.ts';
import type { WireIcpBlock, WireQueryBlocks } from '../src/system/ledger/icp/icp-wire.ts';
import { accountId, ALICE_E8S, balanceE8s, ICP_SCENARIOS, send } from './fixtures/icp-scenarios.ts';
import { CERTIFICATE, realIcpLedger, standInIcpLedger } from './fixtures/ledger-worlds.ts';
import {
  account,
  ALICE,
  allowance,
  approve,
  balance,
  BOB,
  call,
  CAROL,
  MINTER,
  SECOND_NS,
  transfer,
  transferFrom,
  type LedgerWorld,
} from './fixtures/ledger-world.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

function queryBlocks(world: LedgerWorld, start = 0n, length = 100n): WireQueryBlocks {
  return call(world, ALICE, 'query_blocks', { start, length }) as WireQueryBlocks;
}

function sends(world: LedgerWorld): void {
  const steps = [
    () => send(world, ALICE),
    () => send(world, ALICE, { memo: 0x50555054n, amount: 2n * FEE, to: accountId(CAROL) }),
    () => send(world, MINTER, { fee: 0n, amount: 1n << 40n }),
    () => send(world, ALICE, { to: accountId(MINTER), fee: 0n, amount: FEE, memo: 1n << 63n }),
    () => send(world, ALICE, { createdAtNs: world.client.nowNs - 5n }),
  ];
  for (const step of steps) {
    world.client.advance(SECOND_NS);
    expect(step()).toHaveProperty('Ok');
  }
}

describe('ICP ledger stand-in', () => {
  it.each(ICP_SCENARIOS)('$desc', ({ run, expected }) => {
    expect(run(standInIcpLedger())).toEqual(expected);
  });

  it('knows accounts by address and by owner alike', () => {
    const w = standInIcpLedger();
    expect(transfer(w, ALICE, { fee: FEE })).toEqual({ Ok: 1n });
    expect(balance(w, BOB)).toBe(1_000n);
    expect(balanceE8s(w, BOB)).toEqual({ e8s: 1_000n });
    expect(call(w, BOB, 'account_identifier', account(BOB))).toEqual(accountId(BOB));
    const text = toHex(accountId(BOB));
    expect(call(w, BOB, 'account_balance_dfx', { account: text })).toEqual({ e8s: 1_000n });
    const sent = { memo: 0n, amount: { e8s: 5n }, fee: { e8s: FEE }, from_subaccount: [] };
    expect(call(w, ALICE, 'send_dfx', { ...sent, to: text, created_at_time: [] })).toBe(2n);
  });

  it('takes an omitted and a named fee for one transaction', () => {
    const w = standInIcpLedger();
    const createdAtNs = w.client.nowNs;
    expect(transfer(w, ALICE, { createdAtNs })).toEqual({ Ok: 1n });
    const duplicate = { Err: { Duplicate: { duplicate_of: 1n } } };
    expect(transfer(w, ALICE, { createdAtNs, fee: FEE })).toEqual(duplicate);
  });

  it('has ICRC-2 allowances, which can be listed and removed by address', () => {
    const w = standInIcpLedger();
    expect(approve(w, ALICE)).toEqual({ Ok: 1n });
    expect(transferFrom(w)).toEqual({ Ok: 2n });
    const left = 50_000n - 1_000n - FEE;
    expect(allowance(w)).toEqual({ allowance: left, expires_at: [] });
    const [from, spender] = [toHex(accountId(ALICE)), toHex(accountId(BOB))];
    const ask = { from_account_id: from, prev_spender_id: [], take: [] };
    expect(call(w, ALICE, 'get_allowances', ask)).toEqual([
      { from_account_id: from, to_spender_id: spender, allowance: { e8s: left }, expires_at: [] },
    ]);
    const removal = { from_subaccount: [], spender: accountId(BOB), fee: [] };
    expect(call(w, ALICE, 'remove_approval', removal)).toEqual({ Ok: 3n });
    expect(allowance(w)).toEqual({ allowance: 0n, expires_at: [] });
    expect(balance(w, ALICE)).toBe(ALICE_E8S - 1_000n - 3n * FEE);
  });

  it('lets the anonymous principal spend where the network says so', () => {
    const w = standInIcpLedger();
    const anonymous = Principal.anonymous();
    transfer(w, ALICE, { to: account(anonymous), amount: 100n * FEE });
    expect(transfer(w, anonymous)).toEqual({ Ok: 2n });
    expect(send(w, anonymous)).toEqual({ Ok: 3n });
  });

  it('serves archived blocks by callback, with the errors of the real archive', () => {
    const w = standInIcpLedger({ triggerThreshold: 4, blocksToArchive: 3 });
    const whole = standInIcpLedger();
    for (const world of [w, whole]) sends(world);
    const { blocks, archived_blocks: archived, first_block_index: first } = queryBlocks(w);
    expect(first).toBe(3n);
    const fetched = archived.flatMap(({ start, length, callback: [canisterId, method] }) => {
      const target = { sender: ALICE, canisterId, method };
      const answer = w.client.call(target, ICP_ARCHIVE_SERVICE, { start, length });
      return (answer as { Ok: { blocks: WireIcpBlock[] } }).Ok.blocks;
    });
    expect([...fetched, ...blocks]).toEqual(queryBlocks(whole).blocks);
    const [archive] = (call(w, ALICE, 'archives') as { archives: { canister_id: Principal }[] })
      .archives;
    expect(archive?.canister_id.toText()).toBe(archived[0]?.callback[0].toText());
  });

  it('certifies the hash of its last block', () => {
    const w = standInIcpLedger();
    sends(w);
    const tip = call(w, ALICE, 'tip_of_chain') as { certification: Uint8Array[] };
    expect(tip).toEqual({ certification: [CERTIFICATE], tip_index: 5n });
    w.client.advance(SECOND_NS);
    const certified = w.client.replica.canister(w.ledgerId)?.certifiedData;
    send(w, ALICE);
    expect(queryBlocks(w, 6n).blocks[0]?.parent_hash).toEqual([certified]);
  });
});

describe('DFINITY ICP ledger', () => {
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = await thirdPartyWasm('icp-ledger');
  });

  it.each(ICP_SCENARIOS)('agrees: $desc', ({ run, expected, older }) => {
    expect(run(realIcpLedger(wasm))).toEqual(older?.expected ?? expected);
  });

  it('writes the same blocks for the same calls, hash for hash', () => {
    const real = realIcpLedger(wasm);
    const standIn = standInIcpLedger();
    for (const world of [real, standIn]) sends(world);
    expect(queryBlocks(standIn)).toEqual(queryBlocks(real));
    expect(standIn.client.replica.canister(standIn.ledgerId)?.certifiedData).toEqual(
      real.client.replica.canister(real.ledgerId)?.certifiedData,
    );
  });
});
