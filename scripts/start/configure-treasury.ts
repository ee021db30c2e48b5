import {
  CKBTC_LEDGER_ID,
  CKUSDC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  DCT_LEDGER_ID,
  ICP_LEDGER_ID,
} from '@decent-cloud/localnet/system/system-ids.ts';
import type { Settings, Token } from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import { StartError } from './start-error.ts';
import type { Clients } from './wire.ts';

type WireResult<T> = { Ok: T } | { Err: { readonly message: string } };

/** Payouts of less than so many fees wait for more. */
const MIN_PAYOUT_FEES = 20n;

/** Fees as the ledgers of localnet take them. The ICP ledger has no ICRC-3. */
const TOKENS: readonly Token[] = [
  token({ ledger: CKUSDC_LEDGER_ID, symbol: 'ckUSDC', decimals: 6, fee: 10_000n }),
  token({ ledger: CKUSDT_LEDGER_ID, symbol: 'ckUSDT', decimals: 6, fee: 10_000n }),
  {
    ...token({ ledger: ICP_LEDGER_ID, symbol: 'ICP', decimals: 8, fee: 10_000n }),
    has_icrc3_blocks: false,
  },
  token({ ledger: CKBTC_LEDGER_ID, symbol: 'ckBTC', decimals: 8, fee: 10n }),
  token({ ledger: DCT_LEDGER_ID, symbol: 'DCT', decimals: 9, fee: 1_000_000n }),
];

function token(known: Pick<Token, 'ledger' | 'symbol' | 'decimals' | 'fee'>): Token {
  const min_payout = MIN_PAYOUT_FEES * known.fee;
  return { ...known, min_payout, has_icrc3_blocks: true, is_enabled: true };
}

/** What the treasury knows after `configureTreasury`. */
export interface ConfiguredTreasury {
  readonly symbols: readonly string[];
  /** True if it was told nothing: it knew all of it. */
  readonly isKept: boolean;
}

/**
 * Tells the treasury the tokens and canisters that it does not know yet. A token that it knows stays
 * as it is: one that was switched off stays off.
 */
export async function configureTreasury(
  treasury: Clients['treasury'],
  settings: Settings,
): Promise<ConfiguredTreasury> {
  let isKept = true;
  for (const wanted of TOKENS) {
    if ('Ok' in (await treasury.get_token(wanted.ledger))) continue;
    okOf(await treasury.set_token(wanted));
    isKept = false;
  }
  if (!('Ok' in (await treasury.settings()))) {
    okOf(await treasury.set_settings(settings));
    isKept = false;
  }
  const first = { from: [] as [], limit: TOKENS.length, newest_first: false };
  const { rows } = okOf(await treasury.list_tokens(first));
  return { symbols: rows.map(({ value }) => value.symbol), isKept };
}

function okOf<T>(result: WireResult<T>): T {
  if ('Ok' in result) return result.Ok;
  throw new StartError(`treasury refused its configuration: ${result.Err.message}`);
}
