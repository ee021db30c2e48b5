import type { Principal } from '@dfinity/principal';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { assetsOf, isSameAsset, tokensOf } from './origin-assets.ts';
import type { ExchangeRateOrigin, PriceOrigin, PriceSource, RateSide } from './price-source.ts';

/** An argument of a configuration call that breaks its rule. */
export interface ConfigRefusal {
  /** The name of the field on the wire. */
  readonly argument: string;
  readonly rule: string;
}

const SYMBOL = /^[A-Za-z0-9]{1,12}$/;
const LABEL_CHARS_MAX = 60;
const MAX_DEPTH_USD_E8 = 10n ** 18n;
const MAX_DECIMALS = 18;
const MAX_SPREAD_BPS = 1_000;
const MAX_RECEIVED_RATES = 50;

/** Checks a source before it is stored. */
export function checkSource(source: PriceSource): Result<PriceSource, ConfigRefusal> {
  const { label, minDepthUsdE8, origin, isThin } = source;
  if (label.trim() === '' || label.length > LABEL_CHARS_MAX) {
    return err({ argument: 'label', rule: `must have 1 to ${LABEL_CHARS_MAX} characters` });
  }
  const rule = brokenRule(origin);
  if (rule !== undefined) return err({ argument: 'origin', rule });
  if (minDepthUsdE8 < 0n || minDepthUsdE8 > MAX_DEPTH_USD_E8) {
    return err({ argument: 'min_depth_usd_e8', rule: 'is beyond any real pool' });
  }
  if (!hasDepth(origin) && minDepthUsdE8 > 0n) {
    return err({ argument: 'min_depth_usd_e8', rule: 'must be 0 for a source without depth' });
  }
  if (!hasDepth(origin) && isThin) {
    return err({ argument: 'is_thin', rule: 'must be false for a source without depth' });
  }
  return ok(source);
}

/** Whether a source tells how much money stands behind its price. */
export function hasDepth(origin: PriceOrigin): boolean {
  return origin.kind !== 'exchange-rate' && origin.kind !== 'cmc-xdr';
}

function brokenRule(origin: PriceOrigin): string | undefined {
  if (!isCanister(callee(origin))) return 'must name a canister to call';
  const tokens = tokensOf(origin);
  if (!tokens.every(({ ledger }) => isCanister(ledger))) return 'must name ledgers by canister';
  if (!tokens.every(({ decimals }) => isWholeBetween(decimals, 0, MAX_DECIMALS))) {
    return `must have tokens of 0 to ${MAX_DECIMALS} decimals`;
  }
  const { base, quote } = assetsOf(origin);
  if (isSameAsset(base, quote)) return 'must name two different assets';
  switch (origin.kind) {
    case 'exchange-rate':
      return brokenRateRule(origin);
    case 'oisy-trade':
      return isWholeBetween(origin.maxSpreadBps, 1, MAX_SPREAD_BPS)
        ? undefined
        : `must allow a spread of 1 to ${MAX_SPREAD_BPS} basis points`;
    case 'icpswap-pool':
    case 'kongswap':
    case 'cmc-xdr':
      return undefined;
  }
}

function brokenRateRule({ base, quote, minReceivedRates }: ExchangeRateOrigin): string | undefined {
  if (!SYMBOL.test(base.symbol) || !SYMBOL.test(quote.symbol)) {
    return 'must have symbols of 1 to 12 letters or digits';
  }
  if (base.symbol === quote.symbol) return 'must name two different symbols';
  if (!isClassRight(base) || !isClassRight(quote)) {
    return 'must have tokens as crypto, dollars and XDR as fiat';
  }
  return isWholeBetween(minReceivedRates, 1, MAX_RECEIVED_RATES)
    ? undefined
    : `must ask for 1 to ${MAX_RECEIVED_RATES} received rates`;
}

function isClassRight(side: RateSide): boolean {
  return (side.asset.kind === 'token') === (side.class === 'crypto');
}

function callee(origin: PriceOrigin): Principal {
  return origin.kind === 'icpswap-pool' ? origin.pool : origin.canister;
}

/** Neither anonymous nor the management canister, which has no bytes. */
function isCanister(id: Principal): boolean {
  return !id.isAnonymous() && id.toUint8Array().length > 0;
}

function isWholeBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
