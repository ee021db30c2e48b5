import { readFileSync } from 'node:fs';
import { IDL } from '@dfinity/candid';
import { writeAccount } from '@decent-cloud/localnet/system/ledger/wire/icrc-messages.ts';
import { Account, Metadata } from '@decent-cloud/localnet/system/ledger/wire/icrc-types.ts';
import { openWorld, restoreWorld } from '@decent-cloud/localnet/testing/replica-world.ts';
import type { World } from '@decent-cloud/localnet/testing/world.ts';
import {
  PRICES_PROGRAM,
  TokenValueStandIn,
} from '../../../canisters/treasury/test/support/token-value-stand-in.ts';
import { layoutOf } from '../../../scripts/canisters/layout.ts';
import { fundsOf, MINTER, type SimToken } from './cast.ts';
import { handlesOf, installTreasury, type MoneyWorld } from './money-world.ts';

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

const KINDS = [
  { symbol: 'USDX', decimals: 6, fee: 10_000n, usdE8: 100_000_000n, minPayout: 100_000n },
  { symbol: 'DCTX', decimals: 9, fee: 1_000_000n, usdE8: 2_000_000n, minPayout: 10_000_000n },
] as const;

/**
 * Worlds whose ledgers run DFINITY's own code. Its blocks are older than ICRC-3, so the treasury has
 * nothing but balances to find out what became of a transfer.
 */
export function realLedgerWorlds(ledgerWasm: Uint8Array): (seed: number) => MoneyWorld {
  const world = openWorld();
  const [first, ...others] = KINDS;
  const tokens = [
    install(world, ledgerWasm, first),
    ...others.map((kind) => install(world, ledgerWasm, kind)),
  ] as const;
  const wasm = new Uint8Array(readFileSync(layoutOf('treasury').output.gzippedWasm));
  const { treasuryId } = installTreasury(world, { wasm, tokens });
  const snapshot = world.snapshot();
  return (seed) => {
    const prices = new TokenValueStandIn();
    const restored = restoreWorld(snapshot, {
      seed,
      programs: (id) => (id === PRICES_PROGRAM ? prices.program : undefined),
      limits: { roundMessages: 1 },
    });
    return handlesOf({ world: restored, treasuryId, wasm, prices, tokens, ledgerWasm });
  };
}

function install(world: World, wasm: Uint8Array, kind: (typeof KINDS)[number]): SimToken {
  const { symbol, decimals, fee } = kind;
  const init = {
    ...{ minting_account: writeAccount({ owner: MINTER, subaccount: undefined }) },
    ...{ transfer_fee: fee, decimals: [decimals], token_symbol: symbol, token_name: symbol },
    ...{ metadata: [], feature_flags: [{ icrc2: true }] },
    initial_balances: fundsOf(decimals).map(({ account, amount }) => [
      writeAccount(account),
      amount,
    ]),
    archive_options: {
      ...{ num_blocks_to_archive: 1_000n, trigger_threshold: 2_000n, controller_id: MINTER },
    },
  };
  const arg = new Uint8Array(IDL.encode([LedgerArg], [{ Init: init }]));
  return { ...kind, hasIcrc3: false, ledgerId: world.install({ wasm, arg }) };
}
