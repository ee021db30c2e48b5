import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/** A token that rentals may be paid in, and how its ledger behaves. */
export interface TokenConfig {
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  /** What the ledger takes for one transfer. */
  readonly fee: TokenUnits;
  /** Less than this is not worth a payout during the term; at the end everything is paid. */
  readonly minPayout: TokenUnits;
  /** False where the past of the ledger cannot be read as ICRC-3 blocks. */
  readonly hasIcrc3Blocks: boolean;
  /** A disabled token takes no new payments; what is held in it is still paid out. */
  readonly isEnabled: boolean;
}

/** A field that breaks its rule. */
export interface TokenRefusal {
  readonly argument: 'ledger' | 'symbol' | 'decimals' | 'fee' | 'min_payout';
  readonly rule: string;
}

const SYMBOL = /^[A-Za-z0-9]{1,12}$/;
/** Amounts of a token with more decimals would not fit what people can read and type. */
const MAX_DECIMALS = 24;
const MAX_FEE = 10n ** 30n;
const MAX_MIN_PAYOUT = 10n ** 36n;

/** Checks a configuration. Decimals never change: amounts that are held would change their worth. */
export function checkTokenConfig(
  config: TokenConfig,
  existing: TokenConfig | undefined,
): Result<TokenConfig, TokenRefusal> {
  if (config.ledger.isAnonymous()) return refuse('ledger', 'must be a canister');
  if (!SYMBOL.test(config.symbol)) return refuse('symbol', 'must be 1 to 12 letters or digits');
  if (config.decimals > MAX_DECIMALS) return refuse('decimals', `must be at most ${MAX_DECIMALS}`);
  if (existing !== undefined && existing.decimals !== config.decimals) {
    return refuse('decimals', 'must stay what they are');
  }
  if (config.fee > MAX_FEE) return refuse('fee', 'is beyond any real fee');
  if (config.minPayout > MAX_MIN_PAYOUT) return refuse('min_payout', 'is beyond any real amount');
  return ok(config);
}

function refuse(
  argument: TokenRefusal['argument'],
  rule: string,
): { readonly kind: 'err'; readonly error: TokenRefusal } {
  return err({ argument, rule });
}
