import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../src/system/ledger/core/account.ts';
import { createIcrcLedger } from '../src/system/ledger/icrc/icrc-program.ts';
import { ICRC_METHODS } from '../src/system/ledger/wire/icrc-types.ts';
import { CKBTC, type TokenGenesis } from '../src/system/tokens.ts';
import { ledgerClient } from '../src/testing/ledger-client.ts';
import { openWorld, restoreWorld, userPrincipal } from '../src/testing/replica-world.ts';

const ALICE = userPrincipal('alice');
const BOB = userPrincipal('bob');
const BLOCK_METHODS = [
  'archives',
  'get_blocks',
  'get_data_certificate',
  'get_transactions',
  'icrc3_get_archives',
  'icrc3_get_blocks',
  'icrc3_get_tip_certificate',
  'icrc3_supported_block_types',
];

function genesis(hasIcrc3: boolean): TokenGenesis {
  return {
    ledgerId: CKBTC.ledgerId,
    config: { ...CKBTC.config, hasIcrc3 },
    initialBalances: [{ account: accountOf(ALICE), amount: 10_000n }],
  };
}

function programOf(hasIcrc3: boolean) {
  const { config } = genesis(hasIcrc3);
  return createIcrcLedger({ config, nowNs: 1n });
}

describe('a ledger without ICRC-3', () => {
  it('lacks every method that shows blocks, and nothing else', () => {
    const missing = [...programOf(true).methods.keys()].filter(
      (name) => !programOf(false).methods.has(name),
    );
    expect(missing.sort()).toEqual(BLOCK_METHODS);
    const { candid } = programOf(false);
    expect(BLOCK_METHODS.filter((name) => candid.includes(`  ${name} :`))).toEqual([]);
    expect(candid).toContain('icrc2_transfer_from');
  });

  it.each([true, false])('lists the standards it has (ICRC-3: %s)', (hasIcrc3) => {
    const world = openWorld({ tokens: [genesis(hasIcrc3)] });
    const lists = ['icrc1_supported_standards', 'icrc10_supported_standards'] as const;
    for (const method of lists) {
      const { argTypes, retTypes: replyTypes } = ICRC_METHODS[method];
      const call = { canisterId: CKBTC.ledgerId, method, argTypes, args: [], replyTypes };
      const standards = world.caller(ALICE).query(call) as readonly { readonly name: string }[];
      const names = standards.map(({ name }) => name);
      expect(names.includes('ICRC-3')).toBe(hasIcrc3);
      expect(names).toEqual(expect.arrayContaining(['ICRC-1', 'ICRC-2', 'ICRC-10', 'ICRC-21']));
    }
  });

  it('moves tokens as others do, also after it was restored', () => {
    const world = openWorld({ tokens: [genesis(false)] });
    const pay = { to: accountOf(BOB), amount: 1_000n };
    expect(ledgerClient(world, CKBTC.ledgerId).transfer(ALICE, pay)).toEqual({ Ok: 1n });
    const restored = restoreWorld(world.snapshot());
    const ledger = ledgerClient(restored, CKBTC.ledgerId);
    expect(ledger.transfer(ALICE, pay)).toEqual({ Ok: 2n });
    expect(ledger.balanceOf(accountOf(BOB))).toBe(2_000n);
    expect(ledger.blocks().map(({ transaction }) => transaction.operation.kind)).toEqual([
      'mint',
      'transfer',
      'transfer',
    ]);
    const call = { canisterId: CKBTC.ledgerId, method: 'icrc3_get_blocks' };
    const arg = new Uint8Array(IDL.encode([], []));
    const response = restored.replica.query({ ...call, sender: ALICE, arg });
    expect(response).toMatchObject({ kind: 'reject', errorCode: 536 });
  });
});
