import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { Availability } from '../availability.ts';
import { computeSwap, fullRange, type SwapRequest, type SwapResult } from './compute-swap.ts';
import { Token, type WireToken } from './icpswap-types.ts';
import { amount0Between, amount1Between } from './swap-step.ts';
import { integerSqrt, sqrtRatioAtTick, tickAtSqrtRatio } from './tick-math.ts';

/** The only fee tier in use, in hundredths of a basis point, and the ticks it allows. */
export const POOL_FEE = 3_000n;
const TICK_SPACING = 60;
const Q96_BITS = 96n;
const RANGE = fullRange(TICK_SPACING);
const LOWEST_X96 = sqrtRatioAtTick(RANGE.lowerTick);
const HIGHEST_X96 = sqrtRatioAtTick(RANGE.upperTick);

/** Amounts in base units of either token. Their quotient is a price. */
export interface PoolAmounts {
  readonly amount0: bigint;
  readonly amount1: bigint;
}

const Snapshot = IDL.Record({
  token0: Token,
  token1: Token,
  sqrtPriceX96: IDL.Nat,
  tick: IDL.Int,
  liquidity: IDL.Nat,
  positionLiquidity: IDL.Nat,
  amount0: IDL.Nat,
  amount1: IDL.Nat,
  isAvailable: IDL.Bool,
  whiteList: IDL.Vec(IDL.Principal),
});

/**
 * The books of one ICPSwap pool with a single position over the whole range: a constant product
 * with a fee of 0.3 %, in Uniswap v3's numbers and rounding. It holds no tokens.
 */
export class SwapPool {
  readonly availability = new Availability();
  #token0: WireToken;
  #token1: WireToken;
  #sqrtPriceX96 = 0n;
  #tick = 0;
  #liquidity = 0n;
  #positionLiquidity = 0n;
  #reserves: PoolAmounts = { amount0: 0n, amount1: 0n };
  #isAvailable = true;
  #whiteList: readonly Principal[] = [];

  /** Not initialised: no price, no liquidity. The tokens come in any order. */
  constructor(tokens: readonly [WireToken, WireToken]) {
    const [one, other] = tokens;
    [this.#token0, this.#token1] = one.address > other.address ? [other, one] : [one, other];
  }

  get token0(): WireToken {
    return this.#token0;
  }

  get token1(): WireToken {
    return this.#token1;
  }

  get key(): string {
    return poolKey(this.#token0.address, this.#token1.address, POOL_FEE);
  }

  get sqrtPriceX96(): bigint {
    return this.#sqrtPriceX96;
  }

  get tick(): number {
    return this.#tick;
  }

  get liquidity(): bigint {
    return this.#liquidity;
  }

  /** What the pool owns, fees included. */
  get reserves(): PoolAmounts {
    return this.#reserves;
  }

  get isInitialised(): boolean {
    return this.#sqrtPriceX96 > 0n;
  }

  get whiteList(): readonly Principal[] {
    return this.#whiteList;
  }

  get isAvailable(): boolean {
    return this.#isAvailable;
  }

  isAvailableTo(caller: Principal): boolean {
    const key = caller.toText();
    return this.#isAvailable || this.#whiteList.some((member) => member.toText() === key);
  }

  setAvailable(isAvailable: boolean, whiteList: readonly Principal[] = []): void {
    this.#isAvailable = isAvailable;
    this.#whiteList = whiteList;
  }

  /** Exactly these reserves, at the price they stand for. Throws `RangeError` if there is none. */
  setReserves(reserves: PoolAmounts): void {
    const sqrtPriceX96 = sqrtPriceOf(reserves);
    this.#moveTo(sqrtPriceX96);
    this.#reserves = reserves;
    const liquidity0 =
      (reserves.amount0 * ((sqrtPriceX96 * HIGHEST_X96) >> Q96_BITS)) /
      (HIGHEST_X96 - sqrtPriceX96);
    const liquidity1 = (reserves.amount1 << Q96_BITS) / (sqrtPriceX96 - LOWEST_X96);
    this.#liquidity = liquidity0 < liquidity1 ? liquidity0 : liquidity1;
    this.#positionLiquidity = this.#liquidity;
  }

  /**
   * Moves the price as arbitrage does, with the same liquidity: token 1 per token 0 becomes
   * `amount1 / amount0`. Throws `RangeError` if the pool is not initialised or that is no price.
   */
  setPrice(ratio: PoolAmounts): void {
    if (!this.isInitialised) throw new RangeError('the pool has no liquidity; set its reserves');
    const sqrtPriceX96 = sqrtPriceOf(ratio);
    const fees = subtract(this.#reserves, this.#positionAmounts());
    this.#moveTo(sqrtPriceX96);
    this.#liquidity = this.#positionLiquidity;
    const amounts = this.#positionAmounts();
    this.#reserves = {
      amount0: amounts.amount0 + fees.amount0,
      amount1: amounts.amount1 + fees.amount1,
    };
  }

  /** As before the first position was made. */
  clear(): void {
    this.#sqrtPriceX96 = 0n;
    this.#tick = 0;
    this.#liquidity = 0n;
    this.#positionLiquidity = 0n;
    this.#reserves = { amount0: 0n, amount1: 0n };
  }

  /** What a swap would give now. */
  preview(request: SwapRequest): SwapResult {
    return computeSwap(this.#curve(), request);
  }

  /** Swaps with the 0.3 % fee and moves the price, as anyone with the tokens could. */
  trade(request: SwapRequest): SwapResult {
    const result = this.preview(request);
    if (result.kind === 'error') return result;
    this.#sqrtPriceX96 = result.next.sqrtPriceX96;
    this.#tick = result.next.tick;
    this.#liquidity = result.next.liquidity;
    const { amount0, amount1 } = this.#reserves;
    const { amountIn, amountOut } = result;
    this.#reserves = request.isZeroForOne
      ? { amount0: amount0 + amountIn, amount1: amount1 - amountOut }
      : { amount0: amount0 - amountOut, amount1: amount1 + amountIn };
    return result;
  }

  save(): Uint8Array {
    const value = {
      ...this.#curve(),
      ...this.#reserves,
      token0: this.#token0,
      token1: this.#token1,
      isAvailable: this.#isAvailable,
      whiteList: this.#whiteList,
    };
    return new Uint8Array(IDL.encode([Snapshot], [value]));
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#token0 = value.token0;
    this.#token1 = value.token1;
    this.#sqrtPriceX96 = value.sqrtPriceX96;
    this.#tick = Number(value.tick);
    this.#liquidity = value.liquidity;
    this.#positionLiquidity = value.positionLiquidity;
    this.#reserves = { amount0: value.amount0, amount1: value.amount1 };
    this.#isAvailable = value.isAvailable;
    this.#whiteList = value.whiteList;
  }

  #curve() {
    return {
      sqrtPriceX96: this.#sqrtPriceX96,
      tick: this.#tick,
      liquidity: this.#liquidity,
      positionLiquidity: this.#positionLiquidity,
      tickSpacing: TICK_SPACING,
      fee: POOL_FEE,
    };
  }

  #moveTo(sqrtPriceX96: bigint): void {
    this.#sqrtPriceX96 = sqrtPriceX96;
    this.#tick = tickAtSqrtRatio(sqrtPriceX96);
  }

  /** What the position is worth at the price of now. */
  #positionAmounts(): PoolAmounts {
    const at = clamp(this.#sqrtPriceX96);
    const liquidity = this.#positionLiquidity;
    return {
      amount0: amount0Between({ fromX96: at, toX96: HIGHEST_X96 }, liquidity, false),
      amount1: amount1Between({ fromX96: LOWEST_X96, toX96: at }, liquidity, false),
    };
  }
}

interface SnapshotValue extends PoolAmounts {
  readonly token0: WireToken;
  readonly token1: WireToken;
  readonly sqrtPriceX96: bigint;
  readonly tick: bigint;
  readonly liquidity: bigint;
  readonly positionLiquidity: bigint;
  readonly isAvailable: boolean;
  readonly whiteList: readonly Principal[];
}

/** How the factory and the pools name a pool; the order of the tokens does not matter. */
export function poolKey(one: string, other: string, fee: bigint): string {
  return `${one > other ? `${other}_${one}` : `${one}_${other}`}_${fee.toString()}`;
}

function sqrtPriceOf({ amount0, amount1 }: PoolAmounts): bigint {
  if (amount0 <= 0n || amount1 <= 0n) throw new RangeError('both amounts must be above 0');
  const sqrtPriceX96 = integerSqrt((amount1 << (2n * Q96_BITS)) / amount0);
  if (sqrtPriceX96 <= LOWEST_X96 || sqrtPriceX96 >= HIGHEST_X96) {
    throw new RangeError('the price of these amounts is beyond the range of a pool');
  }
  return sqrtPriceX96;
}

function clamp(sqrtPriceX96: bigint): bigint {
  if (sqrtPriceX96 < LOWEST_X96) return LOWEST_X96;
  return sqrtPriceX96 > HIGHEST_X96 ? HIGHEST_X96 : sqrtPriceX96;
}

function subtract(one: PoolAmounts, other: PoolAmounts): PoolAmounts {
  return { amount0: one.amount0 - other.amount0, amount1: one.amount1 - other.amount1 };
}
