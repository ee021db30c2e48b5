import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../src/system/ledger/core/account.ts';
import { Account, Metadata } from '../src/system/ledger/wire/icrc-types.ts';
import { CKBTC } from '../src/system/tokens.ts';
import { ledgerClient, type LedgerClient } from '../src/testing/ledger-client.ts';
import { openWorld, userPrincipal } from '../src/testing/replica-world.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

const ALICE = userPrincipal('alice');
const BOB = userPrincipal('bob');
const MINTER = accountOf(userPrincipal('minter'));
const FEE = 10n;
const START = 100_000n;

const LedgerArg = IDL.Variant({
  Init: IDL.Record({
    minting_account: Account,
    transfer_fee: IDL.Nat,
    decimals: IDL.Opt(IDL.Nat8),
    token_symbol: IDL.Text,
    token_name: IDL.Text,
    metadata: Metadata,
    initial_balances: IDL.Vec(IDL.Tuple(Account, IDL.Nat)),
    feature_flags: IDL.Opt(IDL.Record({ icrc2: IDL.Bool })),
    archive_options: IDL.Record({
      num_blocks_to_archive: IDL.Nat64,
      trigger_threshold: IDL.Nat64,
      controller_id: IDL.Principal,
    }),
  }),
});

function standIn(): LedgerClient {
  const config = { ...CKBTC.config, transferFee: FEE, mintingAccount: MINTER };
  const initialBalances = [{ account: accountOf(ALICE), amount: START }];
  const world = openWorld({ tokens: [{ ledgerId: CKBTC.ledgerId, config, initialBalances }] });
  return ledgerClient(world, CKBTC.ledgerId);
}

async function dfinity(): Promise<LedgerClient> {
  const init = {
    minting_account: { owner: MINTER.owner, subaccount: [] },
    transfer_fee: FEE,
    decimals: [8],
    token_symbol: 'TKN',
    token_name: 'Token',
    metadata: [],
    initial_balances: [[{ owner: ALICE, subaccount: [] }, START]],
    feature_flags: [{ icrc2: true }],
    archive_options: {
      num_blocks_to_archive: 1_000n,
      trigger_threshold: 2_000n,
      controller_id: MINTER.owner,
    },
  };
  const world = openWorld();
  const arg = new Uint8Array(IDL.encode([LedgerArg], [{ Init: init }]));
  return ledgerClient(world, world.install({ wasm: await thirdPartyWasm('icrc1-ledger'), arg }));
}

describe.each([
  ['the stand-in', () => Promise.resolve(standIn())],
  ["DFINITY's ledger", dfinity],
])('ledgerClient with %s', (_, open) => {
  it('moves tokens and reads what became of them', async () => {
    const ledger = await open();
    const from = accountOf(ALICE);
    const sub = new Uint8Array(32).fill(9);
    const to = accountOf(BOB, sub);
    const memo = Uint8Array.of(1, 2);
    expect(ledger.transfer(ALICE, { to, amount: 500n, fee: FEE, memo })).toEqual({ Ok: 1n });
    expect(ledger.approve(ALICE, { spender: to, amount: 700n })).toEqual({ Ok: 2n });
    expect(ledger.allowance({ from, spender: to })).toBe(700n);
    const pull = { from, to, amount: 600n, subaccount: sub };
    expect(ledger.transferFrom(BOB, pull)).toEqual({ Ok: 3n });
    expect(ledger.allowance({ from, spender: to })).toBe(90n);
    expect(ledger.transferFrom(BOB, pull)).toEqual({
      Err: { InsufficientAllowance: { allowance: 90n } },
    });
    expect(ledger.balanceOf(to)).toBe(1_100n);
    expect(ledger.balanceOf(from)).toBe(START - 1_100n - 3n * FEE);
    expect(ledger.totalSupply()).toBe(START - 3n * FEE);
    expect(ledger.fee()).toBe(FEE);
    const blocks = ledger.blocks();
    expect(blocks.map(({ index }) => index)).toEqual([0n, 1n, 2n, 3n]);
    expect(blocks[1]?.transaction).toMatchObject({ memo, operation: { amount: 500n, to } });
    expect(blocks[3]?.transaction.operation).toMatchObject({ kind: 'transfer', spender: to });
  });
});
