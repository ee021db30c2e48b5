import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { restoreReplica } from '../src/core/create-replica.ts';
import { KONG_FORMS } from '../src/system/dex/kongswap/kong-program.ts';
import { crypto, fiat } from '../src/system/dex/xrc/xrc-types.ts';
import { emptySystemProgram } from '../src/system/program-registry.ts';
import {
  CKBTC_ICP_POOL_ID,
  CKBTC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  DCT_ICP_POOL_ID,
  DCT_LEDGER_ID,
  ICP_CKUSDC_POOL_ID,
  ICP_LEDGER_ID,
  KONG_ID,
  OISY_TRADE_ID,
  SWAP_FACTORY_ID,
  XRC_ID,
} from '../src/system/system-ids.ts';
import { forwarderProgram } from './fixtures/forwarder-program.ts';
import { REPLICA_OPTIONS } from './fixtures/ledger-worlds.ts';
import { PriceWorldClient, rejects, SOURCE_SERVICE, USER } from './support/price-world-client.ts';
import { ReplicaClient } from './fixtures/replica-client.ts';

const PAIR = { base: ICP_LEDGER_ID, quote: CKUSDT_LEDGER_ID };
const E8S = 100_000_000n;

describe('OISY TRADE', () => {
  const prices = new PriceWorldClient();
  const ticker = (pair = PAIR): unknown =>
    prices.call(OISY_TRADE_ID, 'get_order_book_ticker', pair);

  it('gives the top of the book around the price', () => {
    expect(ticker()).toEqual({
      Ok: {
        bid: [{ price: 4_994_500n, quantity: 2_000n * E8S }],
        ask: [{ price: 5_004_499n, quantity: 2_000n * E8S }],
      },
    });
  });

  it('may have an empty side, or two', () => {
    const ask = { price: 6_000_000n, quantity: 1n };
    prices.world.oisyTrade.setTop(PAIR, { ask });
    expect(ticker()).toEqual({ Ok: { bid: [], ask: [ask] } });
    prices.call(OISY_TRADE_ID, 'localnet_set_ticker', { pair: PAIR, ticker: { bid: [], ask: [] } });
    expect(ticker()).toEqual({ Ok: { bid: [], ask: [] } });
  });

  it('knows its pairs in one direction, and those not removed', () => {
    const unknown = {
      Err: {
        kind: { RequestError: [{ UnknownTradingPair: null }] },
        message: ['the requested trading pair is not registered'],
      },
    };
    expect(ticker({ base: PAIR.quote, quote: PAIR.base })).toEqual(unknown);
    expect(ticker({ base: ICP_LEDGER_ID, quote: CKBTC_LEDGER_ID })).toEqual(unknown);
    prices.call(OISY_TRADE_ID, 'localnet_remove_pair', PAIR);
    expect(ticker()).toEqual(unknown);
  });

  it('fails with the error set, until that is cleared', () => {
    const error = { kind: { TemporaryError: [] }, message: ['later'] };
    prices.call(OISY_TRADE_ID, 'localnet_set_error', [error]);
    expect([ticker(), ticker()]).toEqual([{ Err: error }, { Err: error }]);
    prices.call(OISY_TRADE_ID, 'localnet_set_error', []);
    expect(ticker()).not.toEqual({ Err: error });
  });
});

describe('KongSwap', () => {
  const list = (prices: PriceWorldClient, filter: [] | [string] = []): unknown =>
    prices.forward({ canisterId: KONG_ID, method: 'pools', args: [filter] });

  it('lists pools and tokens while it works', () => {
    const prices = new PriceWorldClient({ kongSwap: 'working' });
    const dctUsdt = `${DCT_LEDGER_ID.toText()}_${CKUSDT_LEDGER_ID.toText()}`;
    for (const filter of ['DCT_ckUSDT', dctUsdt]) {
      expect(list(prices, [filter])).toMatchObject({
        answer: { Ok: [{ symbol: 'DCT_ckUSDT', price: 0.019998000199, is_removed: false }] },
      });
    }
    expect(list(prices, ['ckUSDT_DCT'])).toMatchObject({ answer: { Ok: [] } });
    const tokens = prices.call(KONG_ID, 'tokens', []) as { Ok: Record<string, unknown>[] };
    expect(tokens.Ok.map((token) => Object.keys(token)[0])).toEqual([
      ...['IC', 'IC', 'IC', 'IC', 'IC'],
      ...['LP', 'LP'],
    ]);
    expect(prices.call(KONG_ID, 'tokens', ['ckBTC'])).toMatchObject({
      Ok: [{ IC: { canister_id: CKBTC_LEDGER_ID.toText(), decimals: 8 } }],
    });
  });

  it('routes over two pools, with half of the fee each', () => {
    const prices = new PriceWorldClient({ kongSwap: 'working' });
    const swap = (pay: string, amount: bigint, receive: string): unknown =>
      prices.call(KONG_ID, 'swap_amounts', pay, amount, receive);
    // 1,000 DCT are $20, or 4 ICP.
    const answer = swap('DCT', 1_000_000_000_000n, ICP_LEDGER_ID.toText()) as {
      Ok: { receive_amount: bigint; mid_price: number; txs: { pool_symbol: string }[] };
    };
    expect(answer.Ok.txs.map((tx) => tx.pool_symbol)).toEqual(['DCT_ckUSDT', 'ICP_ckUSDT']);
    expect(answer.Ok.receive_amount).toBeGreaterThan((4n * E8S * 996n) / 1_000n);
    expect(answer.Ok.receive_amount).toBeLessThan((4n * E8S * 997n) / 1_000n);
    expect(answer.Ok.mid_price).toBeCloseTo(0.004, 8);
    expect(swap('ckBTC', 1n, 'DCT')).toEqual({ Err: 'Pool not found' });
    expect(swap('none', 1n, 'DCT')).toEqual({ Err: 'Token none not found' });
  });

  it('changes pools as it is told to', () => {
    const prices = new PriceWorldClient({ kongSwap: 'working' });
    const [pool] = prices.world.kongSwap?.pools ?? [];
    const removed = { ...pool, isRemoved: true };
    prices.call(KONG_ID, 'localnet_set_pool', removed);
    expect(list(prices, ['ICP_ckUSDT'])).toMatchObject({ answer: { Ok: [{ is_removed: true }] } });
    const stray = { ...pool, tokenId0: 99 };
    expect(prices.call(KONG_ID, 'localnet_set_pool', stray)).toMatchObject({ reject: 4 });
  });

  it('rejects every call in maintenance', () => {
    const prices = new PriceWorldClient({ kongSwap: 'maintenance' });
    expect(list(prices)).toEqual({ reject: 4, message: 'Kong Swap in maintenance mode' });
  });

  it('is not there when deleted or absent', () => {
    const message = `Canister ${KONG_ID.toText()} not found`;
    for (const kongSwap of ['deleted', 'absent'] as const) {
      expect(list(new PriceWorldClient({ kongSwap }))).toEqual({ reject: 3, message });
    }
    const prices = new PriceWorldClient({ kongSwap: 'deleted' });
    prices.call(KONG_ID, 'localnet_set_state', KONG_FORMS.working);
    expect(list(prices)).toHaveProperty('answer.Ok.length', 2);
    prices.call(KONG_ID, 'localnet_set_state', { Stopped: null });
    expect(list(prices)).toEqual({
      reject: 5,
      message: `Canister ${KONG_ID.toText()} is stopped`,
    });
  });
});

describe('a restored price world', () => {
  it('goes on as it was left', () => {
    const prices = new PriceWorldClient({ kongSwap: 'maintenance' });
    const { world } = prices;
    world.setUsdPrice('ICP', 7n * E8S);
    world.pools.dctIcp.trade({ amountIn: 10n ** 12n, isZeroForOne: true });
    world.pools.icpCkusdc.setAvailable(false, [USER]);
    world.pools.ckbtcIcp.clear();
    world.xrc.failNext('Pending', 2);
    world.factory.availability.set({ Trapping: 'out of order' });
    world.oisyTrade.setError({ kind: { InternalError: [] }, message: [] });
    const snapshot = prices.client.replica.snapshot();
    const replica = restoreReplica(REPLICA_OPTIONS, snapshot, (id) =>
      id === 'test-forwarder' ? forwarderProgram() : emptySystemProgram(id),
    );
    expect(replica.stateHash()).toEqual(prices.client.replica.stateHash());
    const restored = new ReplicaClient(replica);
    const icp = { base_asset: crypto('ICP'), quote_asset: fiat('USD'), timestamp: [] };
    const questions: readonly (readonly [Principal, string, ...unknown[]])[] = [
      [DCT_ICP_POOL_ID, 'metadata'],
      [DCT_ICP_POOL_ID, 'getTokenAmountState'],
      [ICP_CKUSDC_POOL_ID, 'getAvailabilityState'],
      [CKBTC_ICP_POOL_ID, 'metadata'],
      [SWAP_FACTORY_ID, 'getPools'],
      [XRC_ID, 'localnet_rates'],
      [XRC_ID, 'get_exchange_rate', icp],
      [OISY_TRADE_ID, 'get_order_book_ticker', PAIR],
      [KONG_ID, 'pools', []],
      [KONG_ID, 'localnet_state'],
    ];
    for (const [canisterId, method, ...args] of questions) {
      const ask = (client: ReplicaClient): unknown =>
        rejects(() => client.call({ sender: USER, canisterId, method }, SOURCE_SERVICE, ...args));
      expect(ask(restored)).toEqual(ask(prices.client));
    }
  });
});
