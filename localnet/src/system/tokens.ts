import { Principal } from '@dfinity/principal';
import { accountOf, type Account } from './ledger/core/account.ts';
import type { IcrcLedgerConfig } from './ledger/icrc/icrc-config.ts';
import {
  CKBTC_LEDGER_ID,
  CKUSDC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  DCT_LEDGER_ID,
} from './system-ids.ts';

/** An ICRC ledger of a network, at the id it has on mainnet or any other. */
export interface TokenGenesis {
  readonly ledgerId: Principal;
  readonly config: IcrcLedgerConfig;
  readonly initialBalances?: readonly { readonly account: Account; readonly amount: bigint }[];
}

/** Minters as on mainnet. They are not part of the network; tests may speak in their name. */
const CKBTC_MINTER_ID = Principal.fromText('mqygn-kiaaa-aaaar-qaadq-cai');
/** The number before the ledger's, of localnet alone. */
const DCT_MINTER_ID = Principal.fromHex('00000000010014e00101');
const CKERC20_MINTER_ID = Principal.fromText('sv3dd-oaaaa-aaaar-qacoa-cai');

export const CKBTC: TokenGenesis = {
  ledgerId: CKBTC_LEDGER_ID,
  config: {
    tokenName: 'ckBTC',
    tokenSymbol: 'ckBTC',
    decimals: 8,
    transferFee: 10n,
    mintingAccount: accountOf(CKBTC_MINTER_ID),
    maxMemoBytes: 80,
  },
};

export const CKUSDC: TokenGenesis = {
  ledgerId: CKUSDC_LEDGER_ID,
  config: {
    tokenName: 'ckUSDC',
    tokenSymbol: 'ckUSDC',
    decimals: 6,
    transferFee: 10_000n,
    mintingAccount: accountOf(CKERC20_MINTER_ID),
    maxMemoBytes: 80,
    tokenBits: 256,
  },
};

/** The marketplace's token. On the mainnet its ledger is older and has no ICRC-3. */
export const DCT: TokenGenesis = {
  ledgerId: DCT_LEDGER_ID,
  config: {
    tokenName: 'Decent Cloud Token',
    tokenSymbol: 'DCT',
    decimals: 9,
    transferFee: 1_000_000n,
    mintingAccount: accountOf(DCT_MINTER_ID),
  },
};

export const CKUSDT: TokenGenesis = {
  ledgerId: CKUSDT_LEDGER_ID,
  config: {
    ...CKUSDC.config,
    tokenName: 'ckUSDT',
    tokenSymbol: 'ckUSDT',
  },
};
