import type { Opt } from '../../../core/candid-opt.ts';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { UP, type SourceState } from '../availability.ts';
import { defineSource, refuseRangeErrors } from '../define-source.ts';
import type { KongSwap } from './kong-book.ts';
import { listPools, listTokens, swapAmounts } from './kong-replies.ts';
import {
  ICTokenReply,
  KONG_ADMIN_METHODS,
  KONG_METHODS,
  KongPoolType,
  KongTokenType,
  LPTokenReply,
  PoolReply,
  SwapAmountsReply,
  SwapAmountsTxReply,
  type KongPool,
  type KongToken,
} from './kong-types.ts';

export const KONG_PROGRAM = 'kongswap';

/** The forms KongSwap has had: open, closed by its guard, and gone from the network. */
export const KONG_FORMS = {
  working: UP,
  maintenance: { Rejecting: 'Kong Swap in maintenance mode' },
  deleted: { Deleted: null },
} as const satisfies Record<string, SourceState>;

export type KongForm = keyof typeof KONG_FORMS;

/** KongSwap's backend, scriptable through `kong` and its `localnet_` methods. */
export function kongProgram(kong: KongSwap): NativeProgram {
  return defineSource({
    programId: KONG_PROGRAM,
    methods: KONG_METHODS,
    handlers: {
      pools: (_context: NativeContext, [filter]: Opt<string>) => ({ Ok: listPools(kong, filter) }),
      tokens: (_context: NativeContext, [filter]: Opt<string>) => ({
        Ok: listTokens(kong, filter),
      }),
      swap_amounts: (_context: NativeContext, pay: string, amount: bigint, receive: string) =>
        swapAmounts(kong, { pay, amount, receive }),
    },
    adminMethods: KONG_ADMIN_METHODS,
    adminHandlers: {
      localnet_set_token: (_context: NativeContext, token: KongToken) => {
        kong.setToken(token);
      },
      localnet_set_pool: (_context: NativeContext, pool: KongPool) => {
        refuseRangeErrors(() => {
          kong.setPool(pool);
        });
      },
    },
    typeNames: {
      PoolReply,
      SwapAmountsTxReply,
      SwapAmountsReply,
      LPTokenReply,
      ICTokenReply,
      LocalnetToken: KongTokenType,
      LocalnetPool: KongPoolType,
    },
    availability: kong.availability,
    save: () => kong.save(),
    load: (bytes) => {
      kong.load(bytes);
    },
  });
}
