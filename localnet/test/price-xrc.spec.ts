import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { crypto, fiat, XRC_METHODS, type WireAsset } from '../src/system/dex/xrc/xrc-types.ts';
import { XRC_ID } from '../src/system/system-ids.ts';
import { PriceWorldClient, SOURCE_SERVICE } from './support/price-world-client.ts';

const ENOUGH = 1_000_000_000n;
const MILLION = 1_000_000n;
const USD = fiat('USD');
const SECOND_NS = 1_000_000_000n;

let prices: PriceWorldClient;

beforeEach(() => {
  prices = new PriceWorldClient();
});

interface Rate {
  readonly rate: bigint;
  readonly timestamp: bigint;
  readonly metadata: { readonly decimals: number };
}

interface Asked {
  readonly Ok?: Rate;
  readonly Err?: Record<string, unknown>;
  readonly charged: bigint;
}

function ask(
  base: WireAsset,
  quote: WireAsset,
  options: { readonly cycles?: bigint; readonly timestamp?: bigint } = {},
): Asked {
  const cycles = options.cycles ?? ENOUGH;
  const timestamp = options.timestamp === undefined ? [] : [options.timestamp];
  const request = { base_asset: base, quote_asset: quote, timestamp };
  const target = { canisterId: XRC_ID, method: 'get_exchange_rate', args: [request], cycles };
  const { answer, refunded } = prices.forward(target) as { answer: Asked; refunded: bigint };
  return { ...answer, charged: cycles - refunded };
}

describe('get_exchange_rate', () => {
  it('gives rates with nine decimals, at the last full minute', () => {
    const { Ok: rate } = ask(crypto('ICP'), USD);
    const nowS = prices.client.nowNs / SECOND_NS;
    expect(rate).toMatchObject({ rate: 5_000_000_000n, timestamp: nowS - (nowS % 60n) });
    expect(rate?.metadata.decimals).toBe(9);
    expect(ask(crypto('BTC'), USD).Ok?.rate).toBe(100_000_000_000_000n);
    expect(ask(crypto('USDC'), USD).Ok?.rate).toBe(999_800_000n);
    expect(ask(crypto('BTC'), crypto('ICP')).Ok?.rate).toBe(20_000_000_000_000n);
    expect(ask(USD, crypto('ICP')).Ok?.rate).toBe(200_000_000n);
    expect(ask(fiat('CXDR'), USD).Ok?.rate).toBe(1_366_000_000n);
  });

  it('charges by what has to be fetched, and gives the rest back', () => {
    expect(ask(crypto('ICP'), USD).charged).toBe(260n * MILLION);
    expect(ask(crypto('ICP'), USD).charged).toBe(20n * MILLION);
    expect(ask(crypto('BTC'), crypto('USDT')).charged).toBe(500n * MILLION);
    expect(ask(crypto('BTC'), crypto('ICP')).charged).toBe(20n * MILLION);
    prices.client.advance(60n * SECOND_NS);
    expect(ask(crypto('ICP'), USD).charged).toBe(260n * MILLION);
    expect(ask(USD, fiat('CXDR')).charged).toBe(20n * MILLION);
  });

  it('needs a billion cycles and a name', () => {
    const poor = ask(crypto('ICP'), USD, { cycles: ENOUGH - 1n });
    expect(poor).toEqual({ Err: { NotEnoughCycles: null }, charged: 0n });
    const request = { base_asset: crypto('ICP'), quote_asset: USD, timestamp: [] };
    const sender = Principal.anonymous();
    const target = { sender, canisterId: XRC_ID, method: 'get_exchange_rate' };
    expect(prices.client.call(target, SOURCE_SERVICE, request)).toEqual({
      Err: { AnonymousPrincipalNotAllowed: null },
    });
  });

  it.each([
    [crypto('DCT'), USD, 'CryptoBaseAssetNotFound', 260n * MILLION],
    [USD, crypto('DCT'), 'CryptoQuoteAssetNotFound', 260n * MILLION],
    [crypto('ICP'), fiat('XYZ'), 'ForexQuoteAssetNotFound', MILLION],
    [fiat('XYZ'), USD, 'ForexBaseAssetNotFound', MILLION],
    [fiat('XYZ'), fiat('ABC'), 'ForexAssetsNotFound', MILLION],
  ])('does not know %o against %o', (base, quote, error, charged) => {
    expect(ask(base, quote)).toEqual({ Err: { [error]: null }, charged });
  });

  it('refuses to look into the future', () => {
    const timestamp = prices.client.nowNs / SECOND_NS + 120n;
    const answer = ask(crypto('ICP'), USD, { timestamp });
    expect(answer).toEqual({ Err: { ForexInvalidTimestamp: null }, charged: MILLION });
  });

  it.each([
    ['Pending', MILLION],
    ['RateLimited', MILLION],
    ['InconsistentRatesReceived', 260n * MILLION],
    ['StablecoinRateTooFewRates', 260n * MILLION],
    ['NotEnoughCycles', 0n],
  ] as const)('fails next with %s, once, for a price', (error, charged) => {
    prices.world.xrc.failNext(error);
    expect(ask(crypto('ICP'), USD)).toEqual({ Err: { [error]: null }, charged });
    expect(ask(crypto('ICP'), USD).Ok?.rate).toBe(5_000_000_000n);
  });

  it('is scripted by calls as well', () => {
    const failure = { error: { Other: { code: 7, description: 'strange' } }, times: 2 };
    prices.call(XRC_ID, 'localnet_fail_next', failure);
    for (let count = 0; count < 2; count += 1) {
      expect(ask(crypto('ICP'), USD).Err).toEqual({ Other: { code: 7, description: 'strange' } });
    }
    const pair = { base_asset: crypto('ICP'), quote_asset: USD };
    const quality = { standard_deviation: 3n, received_rates: 4n, queried_sources: 9n };
    prices.call(XRC_ID, 'localnet_set_rate', { ...pair, rate: 7_000_000_000n, ...quality });
    expect(ask(crypto('ICP'), USD)).toMatchObject({
      Ok: {
        rate: 7_000_000_000n,
        metadata: { standard_deviation: 3n, base_asset_num_received_rates: 4n },
      },
      charged: 260n * MILLION,
    });
    prices.call(XRC_ID, 'localnet_remove_rate', pair);
    expect(ask(crypto('ICP'), USD).Err).toEqual({ CryptoBaseAssetNotFound: null });
    const worthless = { ...pair, rate: 0n, ...quality };
    expect(prices.call(XRC_ID, 'localnet_set_rate', worthless)).toMatchObject({ reject: 4 });
  });

  it('is no query', () => {
    const arg = IDL.encode(XRC_METHODS.get_exchange_rate.argTypes, [
      { base_asset: crypto('ICP'), quote_asset: USD, timestamp: [] },
    ]);
    const sender = Principal.anonymous();
    const target = { sender, canisterId: XRC_ID, method: 'get_exchange_rate' };
    expect(prices.client.queryRaw(target, arg)).toMatchObject({ kind: 'reject', errorCode: 536 });
  });
});
