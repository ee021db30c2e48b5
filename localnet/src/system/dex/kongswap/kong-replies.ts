import type { Hop, KongSwap } from './kong-book.ts';
import type { KongPool, KongToken } from './kong-types.ts';

const CHAIN = 'IC';
/** LP tokens have no ledger: their numbers follow those of the pools. */
const LP_TOKEN_IDS = 10_000;
const LP_DECIMALS = 8;
/** Prices leave as float64, as on the wire; nothing is reckoned with them. */
const PRICE_UNIT = 1_000_000_000_000n;
const PERCENT = 100;

interface Sides {
  readonly token0: KongToken;
  readonly token1: KongToken;
}

function sidesOf(kong: KongSwap, pool: KongPool): Sides {
  const token0 = kong.tokenById(pool.tokenId0);
  const token1 = kong.tokenById(pool.tokenId1);
  if (token0 === undefined || token1 === undefined) throw new Error('BUG: a pool of no token');
  return { token0, token1 };
}

function symbolOf({ token0, token1 }: Sides): string {
  return `${token0.symbol}_${token1.symbol}`;
}

/** The filter is a pool's symbol or `CANISTER0_CANISTER1`, in the pool's own order. */
export function listPools(kong: KongSwap, filter: string | undefined): unknown[] {
  return kong.pools.flatMap((pool) => {
    const sides = sidesOf(kong, pool);
    const { token0, token1 } = sides;
    const addresses = `${token0.canisterId}_${token1.canisterId}`;
    const isMeant = filter === undefined || filter === symbolOf(sides) || filter === addresses;
    return isMeant ? [poolReply(pool, sides)] : [];
  });
}

function poolReply(pool: KongPool, sides: Sides): unknown {
  const { token0, token1 } = sides;
  const symbol = symbolOf(sides);
  return {
    pool_id: pool.poolId,
    name: `${symbol} Liquidity Pool`,
    symbol,
    chain_0: CHAIN,
    symbol_0: token0.symbol,
    address_0: token0.canisterId,
    balance_0: pool.balance0,
    lp_fee_0: pool.lpFee0,
    chain_1: CHAIN,
    symbol_1: token1.symbol,
    address_1: token1.canisterId,
    balance_1: pool.balance1,
    lp_fee_1: pool.lpFee1,
    price: priceOf(
      { amount: pool.balance0 + pool.lpFee0, decimals: token0.decimals },
      { amount: pool.balance1 + pool.lpFee1, decimals: token1.decimals },
    ),
    lp_fee_bps: pool.lpFeeBps,
    lp_token_symbol: `${symbol} LP`,
    is_removed: pool.isRemoved,
  };
}

/** Ledgers' tokens first, then the shares of the pools. */
export function listTokens(kong: KongSwap, filter: string | undefined): unknown[] {
  const isMeant = (...names: string[]): boolean =>
    filter === undefined || filter === 'all' || names.includes(filter);
  const ledgers = kong.tokens
    .filter((token) => isMeant(token.symbol, token.canisterId))
    .map((token) => ({ IC: icToken(token) }));
  const shares = kong.pools
    .filter((pool) => isMeant(`${symbolOf(sidesOf(kong, pool))} LP`))
    .map((pool) => ({ LP: lpToken(pool, sidesOf(kong, pool)) }));
  return [...ledgers, ...shares];
}

function icToken(token: KongToken): unknown {
  return {
    token_id: token.tokenId,
    chain: CHAIN,
    canister_id: token.canisterId,
    name: token.name,
    symbol: token.symbol,
    decimals: token.decimals,
    fee: token.fee,
    icrc1: true,
    icrc2: true,
    icrc3: true,
    is_removed: false,
  };
}

function lpToken(pool: KongPool, sides: Sides): unknown {
  const symbol = `${symbolOf(sides)} LP`;
  return {
    token_id: LP_TOKEN_IDS + pool.poolId,
    chain: 'LP',
    address: pool.poolId.toString(),
    name: symbol,
    symbol,
    pool_id_of: pool.poolId,
    decimals: LP_DECIMALS,
    fee: 1n,
    total_supply: pool.balance1,
    is_removed: pool.isRemoved,
  };
}

/** `Ok` with the best route, or `Err` with a text. */
export function swapAmounts(
  kong: KongSwap,
  request: { readonly pay: string; readonly amount: bigint; readonly receive: string },
): unknown {
  const pay = kong.findToken(request.pay);
  const receive = kong.findToken(request.receive);
  if (pay === undefined) return { Err: `Token ${request.pay} not found` };
  if (receive === undefined) return { Err: `Token ${request.receive} not found` };
  const hops = kong.bestRoute(pay, request.amount, receive);
  const received = hops?.at(-1)?.receiveAmount;
  if (hops === undefined || received === undefined) return { Err: 'Pool not found' };
  const price = priceOf(
    { amount: request.amount, decimals: pay.decimals },
    { amount: received, decimals: receive.decimals },
  );
  const midPrice = hops.reduce((product, hop) => product * midPriceOf(hop), 1);
  return {
    Ok: {
      ...payFields(pay, request.amount),
      ...receiveFields(receive, received),
      price,
      mid_price: midPrice,
      slippage: midPrice === 0 ? 0 : ((price - midPrice) / midPrice) * PERCENT,
      txs: hops.map((hop) => ({
        pool_symbol: symbolOf(sidesOf(kong, hop.pool)),
        ...payFields(hop.pay, hop.payAmount),
        ...receiveFields(hop.receive, hop.receiveAmount),
        price: priceOf(
          { amount: hop.payAmount, decimals: hop.pay.decimals },
          { amount: hop.grossAmount, decimals: hop.receive.decimals },
        ),
        lp_fee: hop.lpFee,
        gas_fee: hop.gasFee,
      })),
    },
  };
}

function payFields(token: KongToken, amount: bigint) {
  return {
    pay_chain: CHAIN,
    pay_symbol: token.symbol,
    pay_address: token.canisterId,
    pay_amount: amount,
  };
}

function receiveFields(token: KongToken, amount: bigint) {
  return {
    receive_chain: CHAIN,
    receive_symbol: token.symbol,
    receive_address: token.canisterId,
    receive_amount: amount,
  };
}

function midPriceOf({ pool, pay, receive }: Hop): number {
  const side0 = pool.balance0 + pool.lpFee0;
  const side1 = pool.balance1 + pool.lpFee1;
  const isForward = pool.tokenId0 === pay.tokenId;
  return priceOf(
    { amount: isForward ? side0 : side1, decimals: pay.decimals },
    { amount: isForward ? side1 : side0, decimals: receive.decimals },
  );
}

interface Side {
  readonly amount: bigint;
  readonly decimals: number;
}

/** Whole tokens of `to` for one of `from`. */
function priceOf(from: Side, to: Side): number {
  if (from.amount === 0n) return 0;
  const numerator = to.amount * 10n ** BigInt(from.decimals) * PRICE_UNIT;
  const denominator = from.amount * 10n ** BigInt(to.decimals);
  return Number(numerator / denominator) / Number(PRICE_UNIT);
}
