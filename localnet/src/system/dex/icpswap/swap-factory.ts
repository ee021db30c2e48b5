import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { Availability } from '../availability.ts';
import { defineSource } from '../define-source.ts';
import {
  GetPoolArgs,
  PoolData,
  SWAP_FACTORY_ADMIN_METHODS,
  SWAP_FACTORY_METHODS,
  SwapError,
  Token,
  type WireGetPool,
  type WirePoolData,
  type WireSwapResult,
} from './icpswap-types.ts';
import { POOL_FEE, poolKey, type SwapPool } from './swap-pool.ts';

export const SWAP_FACTORY_PROGRAM = 'icpswap-factory';
const TICK_SPACING = 60n;
const Snapshot = IDL.Vec(PoolData);

/** ICPSwap's register of pools. */
export class SwapFactory {
  readonly availability = new Availability();
  #pools: readonly WirePoolData[] = [];

  get pools(): readonly WirePoolData[] {
    return this.#pools;
  }

  setPools(pools: readonly WirePoolData[]): void {
    this.#pools = pools;
  }

  addPool(canisterId: Principal, pool: SwapPool): void {
    const { key, token0, token1 } = pool;
    const data = { canisterId, key, token0, token1, fee: POOL_FEE, tickSpacing: TICK_SPACING };
    this.#pools = [...this.#pools.filter((known) => known.key !== key), data];
  }

  /** The order of the tokens does not matter. */
  find({ token0, token1, fee }: WireGetPool): WirePoolData | undefined {
    const key = poolKey(token0.address, token1.address, fee);
    return this.#pools.find((pool) => pool.key === key);
  }
}

export function swapFactoryProgram(factory: SwapFactory): NativeProgram {
  return defineSource({
    programId: SWAP_FACTORY_PROGRAM,
    methods: SWAP_FACTORY_METHODS,
    handlers: {
      getPool: (_context: NativeContext, args: WireGetPool): WireSwapResult<WirePoolData> => {
        const pool = factory.find(args);
        return pool === undefined ? { err: { CommonError: null } } : { ok: pool };
      },
      getPools: () => ({ ok: factory.pools }),
    },
    adminMethods: SWAP_FACTORY_ADMIN_METHODS,
    adminHandlers: {
      localnet_set_pools: (_context: NativeContext, pools: readonly WirePoolData[]) => {
        factory.setPools(pools);
      },
    },
    typeNames: { Token, Error: SwapError, GetPoolArgs, PoolData },
    availability: factory.availability,
    save: () => new Uint8Array(IDL.encode([Snapshot], [factory.pools])),
    load: (bytes) => {
      const [pools] = IDL.decode([Snapshot], new Uint8Array(bytes));
      factory.setPools(pools as unknown as WirePoolData[]);
    },
  });
}
