import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { RawQuote, SampleRejection } from '../samples/sample.ts';
import type { KongSwapOrigin } from '../sources/price-source.ts';
import { ratioOf, sourceError, tenTo } from './answer-checks.ts';

/** What is read of a pool. Its `price` is a rounded float and is not. */
export interface WireKongPool {
  readonly pool_id: number;
  readonly chain_0: string;
  readonly address_0: string;
  readonly balance_0: bigint;
  readonly lp_fee_0: bigint;
  readonly chain_1: string;
  readonly address_1: string;
  readonly balance_1: bigint;
  readonly lp_fee_1: bigint;
  readonly is_removed: boolean;
}

/** The reply of `pools`. */
export type WireKongPoolsResult =
  { readonly Ok: readonly WireKongPool[] } | { readonly Err: string };

const CHAIN = 'IC';

/** The argument of `pools` that finds this source's pool. */
export function kongPairText({ base, quote, isBaseFirst }: KongSwapOrigin): string {
  const [first, second] = isBaseFirst ? [base, quote] : [quote, base];
  return `${first.ledger.toText()}_${second.ledger.toText()}`;
}

/** The price as the ratio of the two reserves, fees of the liquidity providers included. */
export function decodeKongPools(answer: {
  readonly origin: KongSwapOrigin;
  readonly reply: WireKongPoolsResult;
}): Result<RawQuote, SampleRejection> {
  const { origin, reply } = answer;
  if ('Err' in reply) return err(sourceError(reply.Err));
  const matching = reply.Ok.filter((one) => isConfigured(one, origin));
  const pool = matching.find((one) => !one.is_removed);
  if (pool === undefined) {
    const detail = `none of ${reply.Ok.length} pools holds the two tokens`;
    return err(matching.length > 0 ? { kind: 'removed' } : { kind: 'wrong-identity', detail });
  }
  const reserve0 = pool.balance_0 + pool.lp_fee_0;
  const reserve1 = pool.balance_1 + pool.lp_fee_1;
  const [baseUnits, quoteUnits] = origin.isBaseFirst ? [reserve0, reserve1] : [reserve1, reserve0];
  if (baseUnits <= 0n || quoteUnits <= 0n) return err({ kind: 'no-liquidity' });
  const ratio = ratioOf({
    numerator: quoteUnits * tenTo(origin.base.decimals),
    denominator: baseUnits * tenTo(origin.quote.decimals),
  });
  return mapOk(ratio, (ratioE18) => ({
    ratioE18,
    depthUnits: quoteUnits as TokenUnits,
    raw: { kind: 'kongswap', baseUnits, quoteUnits, poolId: pool.pool_id },
  }));
}

function isConfigured(pool: WireKongPool, origin: KongSwapOrigin): boolean {
  if (pool.chain_0 !== CHAIN || pool.chain_1 !== CHAIN) return false;
  return `${pool.address_0}_${pool.address_1}` === kongPairText(origin);
}
