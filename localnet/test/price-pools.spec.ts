import { beforeEach, describe, expect, it } from 'vitest';
import { MARKET_POOLS } from '../src/system/dex/market-assets.ts';
import {
  CKUSDC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  DCT_ICP_POOL_ID,
  DCT_LEDGER_ID,
  ICP_CKUSDC_POOL_ID,
  ICP_LEDGER_ID,
  SWAP_FACTORY_ID,
} from '../src/system/system-ids.ts';
import { PriceWorldClient, USER } from './support/price-world-client.ts';

const ICP = { address: ICP_LEDGER_ID.toText(), standard: 'ICP' };
const DCT = { address: DCT_LEDGER_ID.toText(), standard: 'ICRC2' };
const USDC = { address: CKUSDC_LEDGER_ID.toText(), standard: 'ICRC2' };
const USDT = { address: CKUSDT_LEDGER_ID.toText(), standard: 'ICRC2' };
const E8S = 100_000_000n;
const QUOTE = { amountOutMinimum: '0', zeroForOne: true };

let prices: PriceWorldClient;

beforeEach(() => {
  prices = new PriceWorldClient();
});

interface Metadata {
  readonly ok: {
    readonly sqrtPriceX96: bigint;
    readonly liquidity: bigint;
    readonly tick: bigint;
    readonly token0: { readonly address: string };
  };
}

function metadata(pool = DCT_ICP_POOL_ID): Metadata['ok'] {
  return (prices.call(pool, 'metadata') as Metadata).ok;
}

function quote(amountIn: bigint | string, method = 'quote'): unknown {
  return prices.call(DCT_ICP_POOL_ID, method, { ...QUOTE, amountIn: amountIn.toString() });
}

describe('SwapFactory', () => {
  it('finds a pool whatever the order of its tokens, and none of another fee', () => {
    const there = prices.call(SWAP_FACTORY_ID, 'getPool', {
      fee: 3_000n,
      token0: DCT,
      token1: ICP,
    });
    const back = prices.call(SWAP_FACTORY_ID, 'getPool', { fee: 3_000n, token0: ICP, token1: DCT });
    expect(back).toEqual(there);
    expect(there).toMatchObject({
      ok: { canisterId: DCT_ICP_POOL_ID, token0: DCT, token1: ICP, tickSpacing: 60n, fee: 3_000n },
    });
    const other = { fee: 500n, token0: DCT, token1: ICP };
    expect(prices.call(SWAP_FACTORY_ID, 'getPool', other)).toEqual({ err: { CommonError: null } });
  });

  it('lists pools under the ids of the mainnet, tokens sorted as text', () => {
    const { ok } = prices.call(SWAP_FACTORY_ID, 'getPools') as { ok: { key: string }[] };
    expect(ok.map(({ key }) => key)).toEqual([
      `${ICP.address}_${USDC.address}_3000`,
      `${USDT.address}_${ICP.address}_3000`,
      `mxzaz-hqaaa-aaaar-qaada-cai_${ICP.address}_3000`,
      `${DCT.address}_${ICP.address}_3000`,
    ]);
  });
});

describe('SwapPool', () => {
  it('prices ICP and DCT as the other sources do, with the depth promised', () => {
    const icp = metadata(ICP_CKUSDC_POOL_ID);
    // $5.00 at $0.9998 a ckUSDC; 6 decimals against 8.
    const icpInUsdcE8 = (icp.sqrtPriceX96 ** 2n * 10n ** 10n) / (1n << 192n);
    expect(icpInUsdcE8).toBe(500_100_020n);
    const dct = metadata();
    const dctInIcpE9 = (dct.sqrtPriceX96 ** 2n * 10n ** 10n) / (1n << 192n);
    expect(dctInIcpE9).toBe(3_999_999n);
    expect(dct.token0.address).toBe(DCT.address);
    const { ok } = prices.call(DCT_ICP_POOL_ID, 'getTokenAmountState') as {
      ok: { token1Amount: bigint };
    };
    // $20,000 of ICP.
    expect(ok.token1Amount / E8S).toBe(4_000n);
    expect(MARKET_POOLS['icp-ckusdc'].sideUsdE8).toBe(500_000n * E8S);
  });

  it('quotes with the fee of 0.3 %', () => {
    // 1,000 DCT are $20, or 4 ICP; 0.1 % of the pool's depth.
    const { ok } = quote(1_000_000_000_000n) as { ok: bigint };
    expect(ok).toBeGreaterThan((4n * E8S * 9_955n) / 10_000n);
    expect(ok).toBeLessThan((4n * E8S * 9_970n) / 10_000n);
  });

  it.each(['0', '-1', '', 'many'])('refuses the amount "%s"', (amountIn) => {
    const refusal = { err: { InternalError: 'preswap "Illegal amountIn"' } };
    expect(quote(amountIn)).toEqual(refusal);
    expect(quote(amountIn, 'quoteForAll')).toEqual(refusal);
  });

  it('tells a partial fill apart in quoteForAll alone', () => {
    const tooMuch = 10n ** 40n;
    expect(quote(tooMuch)).toHaveProperty('ok');
    const answer = quote(tooMuch, 'quoteForAll') as { err: { InternalError: string } };
    expect(answer.err.InternalError).toMatch(
      /^The maximum amount of input tokens is \d{1,3}(_\d{3})+$/,
    );
    const dust = { err: { InternalError: 'The amount of input token is too small.' } };
    expect(quote(1n, 'quoteForAll')).toEqual(dust);
    expect(quote(1n)).toEqual({ ok: 0n });
  });

  it('moves with what is traded, as its quote said', () => {
    const before = metadata();
    const expected = quote(10n ** 15n);
    const trade = { amountIn: 10n ** 15n, zeroForOne: true };
    const traded = prices.call(DCT_ICP_POOL_ID, 'localnet_trade', trade) as { amountOut: bigint };
    expect({ ok: traded.amountOut }).toEqual(expected);
    expect(metadata().sqrtPriceX96).toBeLessThan(before.sqrtPriceX96);
    expect(metadata().liquidity).toBe(before.liquidity);
  });

  it('is unavailable for quotes while its metadata still answers', () => {
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_available', false);
    expect(prices.call(DCT_ICP_POOL_ID, 'getAvailabilityState')).toEqual({
      available: false,
      whiteList: [],
    });
    expect(quote(1_000n)).toMatchObject({ reject: 5 });
    expect(metadata().liquidity).toBeGreaterThan(0n);
    prices.world.pools.dctIcp.setAvailable(false, [USER]);
    expect(quote(1_000_000n)).toHaveProperty('ok');
  });

  it('has neither price nor liquidity before it is initialised', () => {
    prices.call(DCT_ICP_POOL_ID, 'localnet_clear');
    expect(metadata()).toMatchObject({ sqrtPriceX96: 0n, liquidity: 0n, tick: 0n });
    const dry = { err: { InternalError: 'preswap "price limit out of bound"' } };
    expect(quote(1_000n)).toEqual(dry);
    const ratio = { amount0: 1n, amount1: 1n };
    expect(prices.call(DCT_ICP_POOL_ID, 'localnet_set_price', ratio)).toMatchObject({ reject: 4 });
    const trade = { amountIn: 1n, zeroForOne: true };
    expect(prices.call(DCT_ICP_POOL_ID, 'localnet_trade', trade)).toMatchObject({ reject: 4 });
    prices.call(DCT_ICP_POOL_ID, 'localnet_set_reserves', { amount0: 500n, amount1: 2n * E8S });
    expect(metadata().sqrtPriceX96).toBeGreaterThan(0n);
    const none = { amount0: 0n, amount1: 1n };
    expect(prices.call(DCT_ICP_POOL_ID, 'localnet_set_reserves', none)).toEqual({
      reject: 4,
      message: 'both amounts must be above 0',
    });
  });

  it('answers a canister as it answers queries', () => {
    const answer = prices.forward({ canisterId: DCT_ICP_POOL_ID, method: 'metadata', args: [] });
    expect(answer).toMatchObject({ answer: { ok: metadata() } });
    const version = { canisterId: DCT_ICP_POOL_ID, method: 'getVersion', args: [] };
    expect(prices.forward(version)).toMatchObject({ answer: '3.6.2' });
  });
});
