import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { SourceState } from '../system/dex/availability.ts';
import { AVAILABILITY_METHODS } from '../system/dex/define-source.ts';
import {
  SWAP_POOL_ADMIN_METHODS,
  type WireBooks,
  type WireTrade,
} from '../system/dex/icpswap/icpswap-types.ts';
import type { PoolAmounts } from '../system/dex/icpswap/swap-pool.ts';
import { KONG_FORMS } from '../system/dex/kongswap/kong-program.ts';
import {
  MARKET_ASSETS,
  MARKET_POOLS,
  POOL_NAMES,
  type PoolName,
} from '../system/dex/market-assets.ts';
import {
  OISY_TRADE_ADMIN_METHODS,
  type WireBook,
} from '../system/dex/oisy-trade/oisy-trade-types.ts';
import { XRC_ADMIN_METHODS, type WireLocalnetRate } from '../system/dex/xrc/xrc-types.ts';
import { CMC_ID, KONG_ID, OISY_TRADE_ID, SWAP_FACTORY_ID, XRC_ID } from '../system/system-ids.ts';
import type { SourceName, SourceSetting } from './market-args.ts';

interface SourceActor {
  localnet_state(): Promise<SourceState>;
  localnet_set_state(state: SourceState): Promise<void>;
}

interface PoolActor extends SourceActor {
  localnet_books(): Promise<WireBooks>;
  localnet_set_price(ratio: PoolAmounts): Promise<void>;
  localnet_trade(trade: WireTrade): Promise<{ amountIn: bigint; amountOut: bigint }>;
}

interface XrcActor extends SourceActor {
  localnet_rates(): Promise<WireLocalnetRate[]>;
  localnet_set_rate(rate: WireLocalnetRate): Promise<void>;
}

interface OisyTradeActor extends SourceActor {
  localnet_tickers(): Promise<WireBook[]>;
  localnet_set_ticker(book: WireBook): Promise<void>;
}

interface CmcActor {
  localnet_set_icp_xdr_conversion_rate(permyriad: bigint): Promise<void>;
}

const CMC_METHODS = {
  localnet_set_icp_xdr_conversion_rate: IDL.Func([IDL.Nat64], [], []),
};

/** ICP against ckUSDT, the one pair of OISY TRADE here. */
export const ICP_CKUSDT = {
  base: MARKET_ASSETS.ICP.ledgerId,
  quote: MARKET_ASSETS.USDT.ledgerId,
};

/** The `localnet_` methods of a running network's price sources. */
export interface MarketClient {
  readonly xrc: XrcActor;
  readonly oisyTrade: OisyTradeActor;
  readonly cmc: CmcActor;
  pool(name: PoolName): PoolActor;
  stateOf(name: Exclude<SourceName, 'icpswap'>): Promise<SourceState>;
  setState(name: SourceName, setting: SourceSetting): Promise<void>;
}

/** Rejects with the agent's error if nobody serves there. */
export async function connectMarket(url: string): Promise<MarketClient> {
  const agent = await HttpAgent.create({ host: url, shouldFetchRootKey: true });
  const at = (canisterId: Principal) => ({ agent, canisterId });
  const sourceAt = (canisterId: Principal): SourceActor =>
    Actor.createActor<SourceActor>(serviceOf({}), at(canisterId));
  return {
    xrc: Actor.createActor<XrcActor>(serviceOf(XRC_ADMIN_METHODS), at(XRC_ID)),
    oisyTrade: Actor.createActor<OisyTradeActor>(
      serviceOf(OISY_TRADE_ADMIN_METHODS),
      at(OISY_TRADE_ID),
    ),
    cmc: Actor.createActor<CmcActor>(serviceOf(CMC_METHODS), at(CMC_ID)),
    pool: (name) =>
      Actor.createActor<PoolActor>(
        serviceOf(SWAP_POOL_ADMIN_METHODS),
        at(MARKET_POOLS[name].canisterId),
      ),
    stateOf: async (name) => {
      const [id] = idsOf(name);
      if (id === undefined) throw new Error(`BUG: ${name} has no canister`);
      return sourceAt(id).localnet_state();
    },
    setState: async (name, setting) => {
      const state = wireState(name, setting);
      for (const id of idsOf(name)) await sourceAt(id).localnet_set_state(state);
    },
  };
}

function serviceOf(methods: Readonly<Record<string, IDL.FuncClass>>): () => IDL.ServiceClass {
  return () => IDL.Service({ ...methods, ...AVAILABILITY_METHODS });
}

function idsOf(name: SourceName): readonly Principal[] {
  switch (name) {
    case 'xrc':
      return [XRC_ID];
    case 'oisy-trade':
      return [OISY_TRADE_ID];
    case 'kongswap':
      return [KONG_ID];
    case 'icpswap':
      return [SWAP_FACTORY_ID, ...POOL_NAMES.map((pool) => MARKET_POOLS[pool].canisterId)];
    default:
      return [MARKET_POOLS[name].canisterId];
  }
}

/** KongSwap is down by not being there, the others by being stopped. */
function wireState(name: SourceName, setting: SourceSetting): SourceState {
  switch (setting) {
    case 'up':
      return { Up: null };
    case 'hang':
      return { Hanging: null };
    case 'down':
      return name === 'kongswap' ? KONG_FORMS.deleted : { Stopped: null };
  }
}
