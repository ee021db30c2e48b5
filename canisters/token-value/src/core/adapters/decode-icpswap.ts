import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { RawQuote, SampleRejection } from '../samples/sample.ts';
import type { IcpSwapOrigin } from '../sources/price-source.ts';
import { ratioOf, sourceError, tenTo } from './answer-checks.ts';
import type {
  WireAvailability,
  WireIcpSwapError,
  WirePoolMetadata,
  WirePoolMetadataResult,
  WireTokenAmountResult,
} from './icpswap-wire.ts';

const Q96 = 2n ** 96n;
const Q192 = 2n ** 192n;

interface PoolAnswer {
  readonly origin: IcpSwapOrigin;
  readonly metadata: WirePoolMetadataResult;
  readonly amounts: WireTokenAmountResult;
  readonly availability: WireAvailability;
}

type Side = 'token0' | 'token1';

/**
 * The price of a pool and what stands behind it. The pool sorts its two tokens by the text of their
 * ids and has no decimals: the order is read from the answer and must be of the configured tokens.
 */
export function decodeIcpSwap(answer: PoolAnswer): Result<RawQuote, SampleRejection> {
  const { origin, metadata, amounts, availability } = answer;
  if (!availability.available) return err({ kind: 'unavailable' });
  if ('err' in metadata) return err(sourceError(errorText(metadata.err)));
  const pool = metadata.ok;
  const base = baseSide(pool, origin);
  if (base.kind === 'err') return base;
  if (pool.sqrtPriceX96 <= 0n) return err({ kind: 'uninitialised' });
  if (pool.liquidity <= 0n) return err({ kind: 'no-liquidity' });
  if ('err' in amounts) return err(sourceError(errorText(amounts.err)));
  const { token0Amount, token1Amount } = amounts.ok;
  if (token0Amount <= 0n || token1Amount <= 0n) return err({ kind: 'no-liquidity' });
  const ratio = poolRatio({ pool, origin, base: base.value });
  return mapOk(ratio, (ratioE18) => ({
    ratioE18,
    depthUnits: poolDepth({ pool, base: base.value, token0Amount, token1Amount }),
    raw: {
      kind: 'icpswap-pool',
      sqrtPriceX96: pool.sqrtPriceX96,
      tick: pool.tick,
      liquidity: pool.liquidity,
      token0Units: token0Amount,
      token1Units: token1Amount,
    },
  }));
}

function baseSide(pool: WirePoolMetadata, origin: IcpSwapOrigin): Result<Side, SampleRejection> {
  const [base, quote] = [origin.base.ledger.toText(), origin.quote.ledger.toText()];
  const { token0, token1 } = pool;
  if (token0.address === base && token1.address === quote) return ok('token0');
  if (token0.address === quote && token1.address === base) return ok('token1');
  const detail = `the pool holds ${token0.address} and ${token1.address}`.slice(0, 200);
  return err({ kind: 'wrong-identity', detail });
}

/** (√P)² is smallest units of token1 for one of token0; decimals make whole tokens of both. */
function poolRatio(input: {
  readonly pool: WirePoolMetadata;
  readonly origin: IcpSwapOrigin;
  readonly base: Side;
}): ReturnType<typeof ratioOf> {
  const { pool, origin, base } = input;
  const square = pool.sqrtPriceX96 * pool.sqrtPriceX96;
  const [baseScale, quoteScale] = [tenTo(origin.base.decimals), tenTo(origin.quote.decimals)];
  return base === 'token0'
    ? ratioOf({ numerator: square * baseScale, denominator: Q192 * quoteScale })
    : ratioOf({ numerator: Q192 * baseScale, denominator: square * quoteScale });
}

/**
 * The quote side's reserve, but never more than what the liquidity at the current price acts like:
 * money parked far from the price resists no trade, and would otherwise buy any depth for free.
 */
function poolDepth(input: {
  readonly pool: WirePoolMetadata;
  readonly base: Side;
  readonly token0Amount: bigint;
  readonly token1Amount: bigint;
}): TokenUnits {
  const { pool, base, token0Amount, token1Amount } = input;
  const { liquidity, sqrtPriceX96 } = pool;
  const reserve = base === 'token0' ? token1Amount : token0Amount;
  const active =
    base === 'token0' ? (liquidity * sqrtPriceX96) / Q96 : (liquidity * Q96) / sqrtPriceX96;
  return (reserve < active ? reserve : active) as TokenUnits;
}

function errorText(error: WireIcpSwapError): string {
  if ('InternalError' in error) return `InternalError: ${error.InternalError}`;
  if ('UnsupportedToken' in error) return `UnsupportedToken: ${error.UnsupportedToken}`;
  return 'CommonError' in error ? 'CommonError' : 'InsufficientFunds';
}
