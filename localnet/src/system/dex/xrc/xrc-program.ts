import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { CMC_ID } from '../../system-ids.ts';
import { defineSource, refuse } from '../define-source.ts';
import { RATE_DECIMALS, type ExchangeRates, type Pair } from './exchange-rates.ts';
import {
  Asset,
  ExchangeRate,
  ExchangeRateError,
  ExchangeRateMetadata,
  GetExchangeRateRequest,
  isCrypto,
  XRC_ADMIN_METHODS,
  XRC_METHODS,
  type WireAsset,
  type WireLocalnetRate,
  type WireRateRequest,
  type WireXrcError,
  type WireXrcFailure,
} from './xrc-types.ts';

export const XRC_PROGRAM = 'exchange-rate';

/** Source: dfinity/exchange-rate-canister src/xrc/src/lib.rs. */
const REQUIRED_CYCLES = 1_000_000_000n;
const BASE_FEE = 20_000_000n;
const FETCH_FEE = 240_000_000n;
const MINIMUM_FEE = 1_000_000n;

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_MINUTE = 60n;
const SECONDS_PER_DAY = 86_400n;
const FAILURES_MAX = 10_000;

/** Errors found before anything is charged, and before anything is fetched. */
const FREE_ERRORS = ['AnonymousPrincipalNotAllowed', 'NotEnoughCycles', 'FailedToAcceptCycles'];
const EARLY_ERRORS = [
  'Pending',
  'RateLimited',
  'ForexInvalidTimestamp',
  'ForexBaseAssetNotFound',
  'ForexQuoteAssetNotFound',
  'ForexAssetsNotFound',
];

/** The exchange rate canister, scriptable through `rates` and its `localnet_` methods. */
export function xrcProgram(rates: ExchangeRates): NativeProgram {
  return defineSource({
    programId: XRC_PROGRAM,
    methods: XRC_METHODS,
    handlers: {
      get_exchange_rate: (context: NativeContext, request: WireRateRequest) =>
        getExchangeRate(rates, context, request),
    },
    adminMethods: XRC_ADMIN_METHODS,
    adminHandlers: {
      localnet_set_rate: (_context: NativeContext, rate: WireLocalnetRate) => {
        if (rate.rate === 0n) refuse('the rate must be above 0');
        rates.putRate(rate);
      },
      localnet_remove_rate: (_context: NativeContext, pair: WirePair) => {
        rates.removeRate({ base: pair.base_asset, quote: pair.quote_asset });
      },
      localnet_rates: () => rates.rates,
      localnet_fail_next: (_context: NativeContext, { error, times }: WireXrcFailure) => {
        if (times > FAILURES_MAX) refuse(`times must be at most ${FAILURES_MAX.toString()}`);
        rates.queueFailure(error, times);
      },
    },
    typeNames: {
      Asset,
      GetExchangeRateRequest,
      ExchangeRateMetadata,
      ExchangeRate,
      ExchangeRateError,
    },
    availability: rates.availability,
    save: () => rates.save(),
    load: (bytes) => {
      rates.load(bytes);
    },
  });
}

interface WirePair {
  readonly base_asset: WireAsset;
  readonly quote_asset: WireAsset;
}

type Answer = { readonly Ok: unknown } | { readonly Err: WireXrcError };

function getExchangeRate(
  rates: ExchangeRates,
  context: NativeContext,
  request: WireRateRequest,
): Answer {
  if (context.caller.isAnonymous()) return { Err: { AnonymousPrincipalNotAllowed: null } };
  const isPrivileged = context.caller.compareTo(CMC_ID) === 'eq';
  if (!isPrivileged && context.cyclesAvailable() < REQUIRED_CYCLES) {
    return { Err: { NotEnoughCycles: null } };
  }
  const charge = (fee: bigint): void => {
    if (!isPrivileged) context.acceptCycles(fee);
  };
  const pair: Pair = { base: request.base_asset, quote: request.quote_asset };
  const nowS = context.timeNs / NS_PER_SECOND;
  const askedS = request.timestamp[0] ?? nowS;
  const minute = askedS / SECONDS_PER_MINUTE;
  const fullFee = BASE_FEE + FETCH_FEE * BigInt(rates.uncachedCount(pair, minute));
  const failure = rates.takeFailure() ?? foundError(rates, pair, { askedS, nowS });
  if (failure !== undefined) {
    charge(feeOfError(failure, fullFee));
    return { Err: failure };
  }
  charge(fullFee);
  rates.noteFetched(pair, minute);
  return answerOf(rates, pair, minute * SECONDS_PER_MINUTE);
}

function foundError(
  rates: ExchangeRates,
  pair: Pair,
  { askedS, nowS }: { readonly askedS: bigint; readonly nowS: bigint },
): WireXrcError | undefined {
  const isForex = !isCrypto(pair.base) || !isCrypto(pair.quote);
  if (askedS > nowS && isForex) return { ForexInvalidTimestamp: null };
  const found = rates.lookUp(pair);
  return found.kind === 'missing' ? { [found.error]: null } : undefined;
}

function feeOfError(error: WireXrcError, fullFee: bigint): bigint {
  const [name = ''] = Object.keys(error);
  if (FREE_ERRORS.includes(name)) return 0n;
  return EARLY_ERRORS.includes(name) ? MINIMUM_FEE : fullFee;
}

function answerOf(rates: ExchangeRates, pair: Pair, timestamp: bigint): Answer {
  const found = rates.lookUp(pair);
  if (found.kind === 'missing') return { Err: { [found.error]: null } };
  const { rate } = found;
  const isForex = !isCrypto(pair.base) || !isCrypto(pair.quote);
  return {
    Ok: {
      base_asset: pair.base,
      quote_asset: pair.quote,
      timestamp,
      rate: rate.rate,
      metadata: {
        decimals: RATE_DECIMALS,
        base_asset_num_received_rates: rate.received_rates,
        base_asset_num_queried_sources: rate.queried_sources,
        quote_asset_num_received_rates: rate.received_rates,
        quote_asset_num_queried_sources: rate.queried_sources,
        standard_deviation: rate.standard_deviation,
        forex_timestamp: isForex ? [timestamp - (timestamp % SECONDS_PER_DAY)] : [],
      },
    },
  };
}
