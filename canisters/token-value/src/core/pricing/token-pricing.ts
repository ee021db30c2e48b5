import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { PriceSource, TokenAsset } from '../sources/price-source.ts';
import type { SourceId } from '../units.ts';

/** How the dollar price of one token is made. Every token that prices another has one too. */
export interface TokenPricing {
  readonly token: TokenAsset;
  readonly symbol: string;
  /** Independent ways from the token to dollars. */
  readonly routes: readonly PriceRoute[];
  /** A stable token: how far from one dollar it may be before it has no price. ±2 % is 200. */
  readonly pegToleranceBps: number | undefined;
  /** What the token's price in XDR says, as a coarse check. For ICP. */
  readonly xdrBand: XdrBand | undefined;
  /** What a manipulated price may cost in an hour beyond what the depth of thin pools covers. */
  readonly lossBudgetPerHourUsdE8: UsdE8;
}

/** A path through sources, from the token to dollars. */
export interface PriceRoute {
  /** One to three sources; each starts where the one before ended. */
  readonly steps: readonly RouteStep[];
  readonly end: RouteEnd;
  /** May be the only one that is left, if its dollars come from the exchange rate canister. */
  readonly isPrimary: boolean;
}

/** One source of a path. */
export interface RouteStep {
  readonly source: SourceId;
  /** From the source's quote to its base. */
  readonly isInverted: boolean;
}

/** Where a path ends. */
export type RouteEnd =
  /** The last step is in dollars. */
  | { readonly kind: 'usd' }
  /** The last step is in this token, whose own price is applied. */
  | { readonly kind: 'token'; readonly ledger: Principal };

/** Token in XDR by one source, XDR in dollars by another. */
export interface XdrBand {
  readonly tokenInXdr: SourceId;
  readonly xdrInUsd: SourceId;
}

/** A source with its id. */
export interface SourceRow {
  readonly id: SourceId;
  readonly source: PriceSource;
}

/** All that decides how prices are made. Governance changes it, with an event for each change. */
export interface PricingConfig {
  readonly sources: readonly SourceRow[];
  readonly tokens: readonly TokenPricing[];
}

/** $25 in an hour. */
export const DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8 = 2_500_000_000n as UsdE8;
