import type { Principal } from '@dfinity/principal';

/** As Candid decodes it: nat and int are bigint. */
export interface WirePoolToken {
  readonly address: string;
  readonly standard: string;
}

export interface WirePoolMetadata {
  readonly fee: bigint;
  readonly key: string;
  readonly liquidity: bigint;
  readonly maxLiquidityPerTick: bigint;
  readonly nextPositionId: bigint;
  readonly sqrtPriceX96: bigint;
  readonly tick: bigint;
  readonly token0: WirePoolToken;
  readonly token1: WirePoolToken;
}

export interface WireTokenAmountState {
  readonly swapFee0Repurchase: bigint;
  readonly swapFee1Repurchase: bigint;
  readonly swapFeeReceiver: string;
  readonly token0Amount: bigint;
  readonly token1Amount: bigint;
}

export type WireIcpSwapError =
  | { readonly CommonError: null }
  | { readonly InsufficientFunds: null }
  | { readonly InternalError: string }
  | { readonly UnsupportedToken: string };

type WireIcpSwapResult<T> = { readonly ok: T } | { readonly err: WireIcpSwapError };

/** The reply of a pool's `metadata`. */
export type WirePoolMetadataResult = WireIcpSwapResult<WirePoolMetadata>;
/** The reply of a pool's `getTokenAmountState`. */
export type WireTokenAmountResult = WireIcpSwapResult<WireTokenAmountState>;

/** The reply of a pool's `getAvailabilityState`. */
export interface WireAvailability {
  readonly available: boolean;
  readonly whiteList: readonly Principal[];
}
