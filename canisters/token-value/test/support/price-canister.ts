import { readFileSync } from 'node:fs';
import type { Principal } from '@dfinity/principal';
import type { SourceState } from '@decent-cloud/localnet/system/dex/availability.ts';
import { GENESIS_PRICES, planPrices } from '@decent-cloud/localnet/system/dex/price-plan.ts';
import {
  installPriceWorld,
  type PriceWorld,
  type PriceWorldOptions,
} from '@decent-cloud/localnet/system/dex/price-world.ts';
import { openWorld, userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import type {
  _SERVICE as TokenValue,
  Event,
  EventPage,
  Price,
  PriceStatus,
  ServiceError,
} from '../../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { idlFactory } from '../../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { layoutOf } from '../../../../scripts/canisters/layout.ts';
import { priceConfig } from '../../../../scripts/start/price-config.ts';

export const MINUTE_NS = 60n * 1_000_000_000n;
export const TICK_NS = 5n * MINUTE_NS;

type SourceStatus = PriceStatus['sources'][number];
type TokenStatus = PriceStatus['tokens'][number];

/** Enough ticks for every source to have six samples in the hour. */
const WARM_UP_NS = 36n * MINUTE_NS;

export function wasmOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(layoutOf(name).output.gzippedWasm));
}

const wasm = wasmOf('token-value');

/** The real Wasm on a network of its own, configured as `npm start` configures it. */
export class PriceCanister {
  readonly world: World;
  readonly market: PriceWorld;
  readonly id: Principal;
  /** Called by a controller. */
  readonly owner: SyncActor<TokenValue>;
  /** Called by anybody. */
  readonly guest: SyncActor<TokenValue>;

  constructor(options: PriceWorldOptions = {}) {
    const { xdrPermyriadPerIcp } = planPrices({ ...GENESIS_PRICES, ...options.prices });
    this.world = openWorld({ system: { xdrPermyriadPerIcp } });
    this.market = installPriceWorld(this.world.replica, { kongSwap: 'deleted', ...options });
    this.id = this.world.install({ wasm });
    this.owner = this.world.actor(this.id, idlFactory, OPERATOR);
    this.guest = this.world.actor(this.id, idlFactory, userPrincipal('guest'));
  }

  /** The configuration of `npm start`. */
  configure(): this {
    const { sources, tokens } = priceConfig();
    for (const source of sources) okOf(this.owner.add_source(source));
    for (const pricing of tokens) okOf(this.owner.set_pricing(pricing));
    this.world.runUntilIdle();
    return this;
  }

  /** Configured, and sampled until everything has a price. */
  static ready(options: PriceWorldOptions = {}): PriceCanister {
    const canister = new PriceCanister(options).configure();
    canister.world.elapse(WARM_UP_NS);
    return canister;
  }

  price(token: Principal): Price {
    return okOf(this.guest.get_price(token));
  }

  /** Why there is no price. Throws if there is one. */
  noPrice(token: Principal): { readonly reason: string; readonly last_good_at_ns: [] | [bigint] } {
    const result = this.guest.get_price(token);
    if ('Ok' in result) throw new Error(`there is a price: ${result.Ok.usd_e8.toString()}`);
    const leaf =
      'TemporaryError' in result.Err.kind ? result.Err.kind.TemporaryError[0] : undefined;
    if (leaf === undefined || !('NoPrice' in leaf)) throw new Error(result.Err.message);
    return leaf.NoPrice;
  }

  /** The whole journal, oldest first. */
  events(): readonly Event[] {
    const events: Event[] = [];
    let from: [] | [bigint] = [0n];
    while (from.length > 0) {
      const page: EventPage = okOf(
        this.guest.list_events({ from, limit: 50, newest_first: false }),
      );
      events.push(...page.rows.map(({ value }) => value));
      from = page.next;
    }
    return events;
  }

  /** Puts every stand-in of a third party in one state; the CMC has none. */
  setEverySource(state: SourceState): void {
    const { xrc, oisyTrade, pools } = this.market;
    for (const { availability } of [xrc, oisyTrade, ...Object.values(pools)]) {
      availability.set(state);
    }
  }

  source(label: string): SourceStatus {
    const found = this.guest.get_price_status().sources.find((one) => one.label === label);
    if (found === undefined) throw new Error(`no source ${label}`);
    return found;
  }

  token(symbol: string): TokenStatus {
    const found = this.guest.get_price_status().tokens.find((one) => one.symbol === symbol);
    if (found === undefined) throw new Error(`no token ${symbol}`);
    return found;
  }

  upgrade(skipPreUpgrade = false) {
    return this.world.upgrade({ canisterId: this.id, wasm, skipPreUpgrade });
  }
}

export function okOf<T>(result: { Ok: T } | { Err: ServiceError }): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(result.Err.message);
}
