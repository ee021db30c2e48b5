import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import {
  CKUSDC_LEDGER_ID,
  DCT_LEDGER_ID,
  ICP_LEDGER_ID,
} from '@decent-cloud/localnet/system/system-ids.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type {
  _SERVICE as TokenValue,
  Pricing,
  SourceInput,
} from '../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { idlFactory } from '../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { priceConfig } from '../../../scripts/start/price-config.ts';
import { readPage } from './support/read-page.ts';
import { MINUTE_NS, okOf, PriceCanister, TICK_NS } from './support/price-canister.ts';

const { sources, tokens } = priceConfig();
const everything = { from: [] as [], limit: 50, newest_first: false };

const refusedFor = (leaf: object) => ({ Err: { kind: { RequestError: [leaf] } } });
const wrongArgument = (argument: string) => refusedFor({ InvalidArgument: { argument } });

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('an empty list');
  return first;
}

describe('configuration', () => {
  it('is kept in order with an event for each change, across an upgrade', () => {
    const canister = new PriceCanister().configure();
    okOf(canister.owner.set_source_enabled(8n, false));
    expect(canister.upgrade()).toEqual({ kind: 'ok' });
    const page = okOf(canister.guest.list_sources(everything));
    expect(page.rows.map(({ value }) => value.label)).toEqual(sources.map(({ label }) => label));
    expect(page.rows[8]?.value.is_enabled).toBe(false);
    expect(okOf(canister.guest.get_source(6n)).origin).toEqual([sources[6]?.origin]);
    expect(canister.guest.list_tokens()).toMatchObject(tokens);
    const kinds = canister.events().flatMap(({ event: [event] }) => Object.keys(event ?? {}));
    expect(kinds.filter((kind) => kind === 'SourceAdded')).toHaveLength(sources.length);
    expect(kinds.filter((kind) => kind === 'PricingSet')).toHaveLength(tokens.length);
    expect(kinds).toContain('SourceSwitched');
  });

  it.each(['anonymous', 'somebody'])('lets no %s change anything', (who) => {
    const { world, id } = new PriceCanister();
    const sender = who === 'anonymous' ? Principal.anonymous() : userPrincipal(who);
    const actor = world.actor<TokenValue>(id, idlFactory, sender);
    const leaf = who === 'anonymous' ? { NotAuthenticated: null } : { NotAllowed: null };
    const refused = refusedFor(leaf);
    expect(actor.add_source(firstOf(sources))).toMatchObject(refused);
    expect(actor.set_source_enabled(0n, true)).toMatchObject(refused);
    expect(actor.set_pricing(firstOf(tokens))).toMatchObject(refused);
    expect(actor.sample_now()).toMatchObject(refused);
    expect(okOf(actor.list_events(everything)).rows).toEqual([]);
  });

  it.each<{ change: Partial<SourceInput>; argument: string }>([
    { change: { label: ' ' }, argument: 'label' },
    { change: { min_depth_usd_e8: 1n }, argument: 'min_depth_usd_e8' },
    { change: { is_thin: true }, argument: 'is_thin' },
    { change: { label: 'the same once more' }, argument: 'origin' },
  ])('refuses a source with a wrong $argument', ({ change, argument }) => {
    const { owner } = new PriceCanister();
    okOf(owner.add_source(firstOf(sources)));
    const source = { ...firstOf(sources), ...change };
    expect(owner.add_source(source)).toMatchObject(wrongArgument(argument));
    expect(okOf(owner.list_sources(everything)).rows).toHaveLength(1);
  });

  it.each<{ change: Partial<Pricing>; argument: string }>([
    { change: { routes: [] }, argument: 'routes' },
    { change: { symbol: 'not a symbol' }, argument: 'symbol' },
    { change: { peg_tolerance_bps: [0] }, argument: 'peg_tolerance_bps' },
    {
      change: { xdr_band: [{ token_in_xdr: 0n, xdr_in_usd: 2n ** 64n - 1n }] },
      argument: 'xdr_band',
    },
  ])('refuses a pricing with a wrong $argument', ({ change, argument }) => {
    const { owner } = new PriceCanister().configure();
    const before = owner.list_tokens();
    const pricing = { ...firstOf(tokens), ...change };
    expect(owner.set_pricing(pricing)).toMatchObject(wrongArgument(argument));
    expect(owner.list_tokens()).toEqual(before);
  });

  it('refuses a token that is priced by one without a price', () => {
    const { owner } = new PriceCanister();
    for (const source of sources) okOf(owner.add_source(source));
    const dct = tokens.find(({ symbol }) => symbol === 'DCT');
    if (dct === undefined) throw new Error('no DCT');
    expect(owner.set_pricing(dct)).toMatchObject(wrongArgument('routes'));
  });

  it('answers for ids and tokens beyond any', () => {
    const { guest } = new PriceCanister();
    for (const id of [0n, 2n ** 32n - 1n, 2n ** 64n - 1n]) {
      expect(guest.get_source(id)).toMatchObject(refusedFor({ NotFound: null }));
    }
    const unknown = refusedFor({ UnknownToken: null });
    expect(guest.get_price(Principal.anonymous())).toMatchObject(unknown);
    const range = { from_ns: 0n, to_ns: 1n, step_ns: 1n };
    expect(guest.price_history({ token: ICP_LEDGER_ID, ...range })).toMatchObject(unknown);
  });
});

describe('prices', () => {
  it('appear once every source was sampled six times in the hour, and say what they rest on', () => {
    const canister = new PriceCanister().configure();
    canister.world.elapse(4n * TICK_NS);
    expect(canister.noPrice(ICP_LEDGER_ID)).toEqual({
      reason: 'no-valid-route',
      last_good_at_ns: [],
    });
    expect(canister.source('XRC USDC/USD').rejection).toMatchObject([{ code: 'too-few-samples' }]);
    canister.world.elapse(4n * TICK_NS);
    const icp = canister.price(ICP_LEDGER_ID);
    expect(icp).toMatchObject({ symbol: 'ICP', decimals: 8, exposure_cap_usd_e8: [] });
    expect(Number(icp.usd_e8) / 1e8).toBeCloseTo(5, 4);
    expect(canister.world.timeNs - icp.at_ns).toBeLessThan(6n * MINUTE_NS);
    expect(Number(canister.price(CKUSDC_LEDGER_ID).usd_e8) / 1e8).toBeCloseTo(0.9998, 6);
    const dct = canister.price(DCT_LEDGER_ID);
    expect(Number(dct.usd_e8) / 1e8).toBeCloseTo(0.02, 6);
    // $20,000 deep, divided by 330, and ten times the loss budget of $25.
    expect(Number(dct.exposure_cap_usd_e8[0]) / 1e8).toBeCloseTo(20_000 / 330 + 250, 1);
    expect(dct.sources_hash).toHaveLength(32);
    expect(dct.sources_hash).not.toEqual(icp.sources_hash);
    expect(canister.token('ICP').xdr_check).toEqual(['checked']);
  });

  it('and samples survive an upgrade, and no health change is told twice', () => {
    const canister = PriceCanister.ready();
    const before = canister.price(DCT_LEDGER_ID);
    const events = canister.events();
    expect(canister.upgrade()).toEqual({ kind: 'ok' });
    expect(canister.price(DCT_LEDGER_ID)).toEqual(before);
    expect(canister.source('XRC ICP/USD').samples_kept).toBeGreaterThanOrEqual(6);
    canister.world.elapse(2n * TICK_NS);
    expect(canister.price(DCT_LEDGER_ID).usd_e8).toBe(before.usd_e8);
    expect(canister.events()).toEqual(events);
  });

  it('are never older than fifteen minutes, also when no timer runs', () => {
    const canister = PriceCanister.ready();
    canister.setEverySource({ Hanging: null });
    canister.world.elapse(9n * MINUTE_NS);
    const { at_ns: atNs } = canister.price(ICP_LEDGER_ID);
    canister.world.replica.setTime(atNs + 15n * MINUTE_NS);
    expect(canister.price(ICP_LEDGER_ID).at_ns).toBe(atNs);
    canister.world.replica.setTime(atNs + 15n * MINUTE_NS + 1n);
    const { last_good_at_ns: lastGood } = canister.noPrice(ICP_LEDGER_ID);
    expect(Number(lastGood[0])).toBeGreaterThanOrEqual(Number(atNs));
  });

  it('are taken at most every four minutes, however often a controller asks', () => {
    const canister = PriceCanister.ready();
    const outcomes = () =>
      okOf(canister.owner.sample_now()).map(({ outcome: [outcome] }) => Object.keys(outcome ?? {}));
    canister.world.elapse(4n * MINUTE_NS);
    const kept = canister.source('XRC ICP/USD').samples_kept;
    for (let times = 0; times < 5; times += 1) {
      outcomes();
      canister.world.runUntilIdle();
    }
    expect(outcomes().flat()).not.toContain('Started');
    expect(outcomes().flat()).toContain('Disabled');
    expect(canister.source('XRC ICP/USD').samples_kept).toBeLessThanOrEqual(kept + 1);
  });
});

describe('list_samples', () => {
  it('gives the raw numbers of an answer, from which its price can be made again', () => {
    const canister = PriceCanister.ready();
    const [newest, ...older] = okOf(canister.guest.list_samples(6n, 288));
    expect(older.length).toBeGreaterThan(4);
    if (newest === undefined) throw new Error('no sample');
    const numbers = new Map(newest.raw.map(([name, value]) => [name, BigInt(value)]));
    const sqrtPriceX96 = numbers.get('sqrtPriceX96') ?? 0n;
    // ICP has 8 decimals, ckUSDC 6.
    const ratioE18 = (sqrtPriceX96 ** 2n * 10n ** 8n * 10n ** 18n) / (2n ** 192n * 10n ** 6n);
    expect(newest.ratio_e18).toBe(ratioE18);
    expect(newest.depth_units[0]).toBeGreaterThan(0n);
  });

  it('refuses more than there can be, and sources that are not there', () => {
    const { guest } = new PriceCanister().configure();
    expect(guest.list_samples(6n, 289)).toMatchObject(wrongArgument('limit'));
    expect(guest.list_samples(6n, 0)).toMatchObject(wrongArgument('limit'));
    expect(guest.list_samples(99n, 1)).toMatchObject(refusedFor({ NotFound: null }));
    expect(okOf(guest.list_samples(11n, 1))).toEqual([]);
  });
});

describe('price_history', () => {
  it('gives low, high and last of each step, and leaves gaps out', () => {
    const canister = PriceCanister.ready();
    const fromNs = canister.world.timeNs;
    canister.world.elapse(30n * MINUTE_NS);
    const range = { token: ICP_LEDGER_ID, from_ns: fromNs, to_ns: canister.world.timeNs };
    const steps = okOf(canister.guest.price_history({ ...range, step_ns: 10n * MINUTE_NS }));
    expect(steps.map(({ from_ns }) => (from_ns - fromNs) / MINUTE_NS)).toEqual([0n, 10n, 20n]);
    for (const { low_usd_e8: low, high_usd_e8: high, last_usd_e8: last } of steps) {
      expect(low <= last && last <= high).toBe(true);
      expect(Number(last) / 1e8).toBeCloseTo(5, 4);
    }
    const before = { ...range, from_ns: fromNs - 2n * 60n * MINUTE_NS, to_ns: fromNs };
    const earlier = okOf(canister.guest.price_history({ ...before, step_ns: 5n * MINUTE_NS }));
    expect(earlier.length).toBeLessThan(4);
  });

  it('refuses what it cannot draw', () => {
    const { guest, world } = new PriceCanister().configure();
    const range = { token: ICP_LEDGER_ID, from_ns: 0n, to_ns: world.timeNs };
    const tooMany = guest.price_history({ ...range, step_ns: 5n * MINUTE_NS });
    expect(tooMany).toMatchObject(wrongArgument('step_ns'));
    expect(guest.price_history({ ...range, step_ns: 0n })).toMatchObject(wrongArgument('step_ns'));
    const backwards = { ...range, from_ns: range.to_ns, to_ns: 0n };
    const refused = guest.price_history({ ...backwards, step_ns: 5n * MINUTE_NS });
    expect(refused).toMatchObject(wrongArgument('to_ns'));
  });
});

describe('costs', () => {
  it('of get_price stay below five million instructions, at every age of the canister', () => {
    const canister = PriceCanister.ready();
    const cost = () => canister.world.measure(() => canister.price(DCT_LEDGER_ID)).instructions;
    expect(cost()).toBeLessThan(5_000_000n);
    canister.world.elapse(2n * 60n * MINUTE_NS);
    expect(cost()).toBeLessThan(5_000_000n);
    canister.upgrade();
    canister.world.runUntilIdle();
    expect(cost()).toBeLessThan(5_000_000n);
  });
});

describe('pages', () => {
  it('tell version, health and what to alarm on', () => {
    const canister = PriceCanister.ready();
    expect(canister.guest.version()).toBe('0.1.0');
    const health = JSON.parse(readPage(canister.guest, '/healthz')) as unknown;
    expect(health).toEqual({ status: 'ok', version: '0.1.0' });
    const metrics = readPage(canister.guest, '/metrics');
    expect(metrics).toContain('\ndc_token_value_source_valid{source="XRC ICP/USD"} 1\n');
    expect(metrics).toContain('\ndc_token_value_source_valid{source="KongSwap DCT/ckUSDT"} 0\n');
    expect(metrics).toContain('\ndc_token_value_token_priced{token="DCT"} 1\n');
    expect(metrics).toMatch(/\ndc_token_value_source_age_seconds\{source="CMC ICP\/XDR"\} \d+\n/);
    expect(metrics).toContain('\ndc_token_value_open_calls 0\n');
  });
});
