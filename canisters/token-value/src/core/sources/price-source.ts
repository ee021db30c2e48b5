import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';

/** A token by its ledger. `decimals` is how many digits its smallest unit is away from a whole. */
export interface TokenAsset {
  readonly kind: 'token';
  readonly ledger: Principal;
  readonly decimals: number;
}

/** What a price can be of, and what it can be in. */
export type Asset = TokenAsset | { readonly kind: 'usd' } | { readonly kind: 'xdr' };

/** Where a price comes from and what must hold for it to be believed. */
export interface PriceSource {
  /** What people read in the status, such as `ICPSwap DCT/ICP`. */
  readonly label: string;
  readonly origin: PriceOrigin;
  /** Below this depth on the quote side a price is not used; zero where depth has no meaning. */
  readonly minDepthUsdE8: UsdE8;
  /** A pool that little money can move: what is quoted by it is bounded by its depth. */
  readonly isThin: boolean;
  /** The kill switch. A disabled source is not asked at all and never counts. */
  readonly isEnabled: boolean;
}

/** One kind for each protocol that can be asked. The price is of `base`, in `quote`. */
export type PriceOrigin =
  IcpSwapOrigin | ExchangeRateOrigin | OisyTradeOrigin | KongSwapOrigin | CmcOrigin;

/** A pool of two tokens; the order that it answers is checked against these. */
export interface IcpSwapOrigin {
  readonly kind: 'icpswap-pool';
  readonly pool: Principal;
  readonly base: TokenAsset;
  readonly quote: TokenAsset;
}

/** One side of a rate of the exchange rate canister. */
export interface RateSide {
  readonly asset: Asset;
  /** What the exchange rate canister calls it: `ICP`, `USDC`, `USD`, `CXDR`. */
  readonly symbol: string;
  readonly class: 'crypto' | 'fiat';
}

/** A rate of the exchange rate canister, a median over exchanges. */
export interface ExchangeRateOrigin {
  readonly kind: 'exchange-rate';
  readonly canister: Principal;
  readonly base: RateSide;
  readonly quote: RateSide;
  /** Fewer exchanges that answered for the base make no rate. */
  readonly minReceivedRates: number;
}

/** The top of an order book. */
export interface OisyTradeOrigin {
  readonly kind: 'oisy-trade';
  readonly canister: Principal;
  readonly base: TokenAsset;
  readonly quote: TokenAsset;
  /** Bid and ask further apart than this, measured against the middle, make no price. */
  readonly maxSpreadBps: number;
}

/** A pool of KongSwap, which closed on 2026-04-06: for forks and tests. */
export interface KongSwapOrigin {
  readonly kind: 'kongswap';
  readonly canister: Principal;
  readonly base: TokenAsset;
  readonly quote: TokenAsset;
  /** Whether the pool's creator named the base first; the query finds a pool by that order only. */
  readonly isBaseFirst: boolean;
}

/** The cycles minting canister's ICP price in XDR. */
export interface CmcOrigin {
  readonly kind: 'cmc-xdr';
  readonly canister: Principal;
  readonly icp: TokenAsset;
}
