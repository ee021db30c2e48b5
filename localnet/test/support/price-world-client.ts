import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { AVAILABILITY_METHODS } from '../../src/system/dex/define-source.ts';
import {
  SWAP_FACTORY_ADMIN_METHODS,
  SWAP_FACTORY_METHODS,
  SWAP_POOL_ADMIN_METHODS,
  SWAP_POOL_METHODS,
} from '../../src/system/dex/icpswap/icpswap-types.ts';
import { KONG_ADMIN_METHODS, KONG_METHODS } from '../../src/system/dex/kongswap/kong-types.ts';
import {
  OISY_TRADE_ADMIN_METHODS,
  OISY_TRADE_METHODS,
} from '../../src/system/dex/oisy-trade/oisy-trade-types.ts';
import {
  installPriceWorld,
  type PriceWorld,
  type PriceWorldOptions,
} from '../../src/system/dex/price-world.ts';
import { XRC_ADMIN_METHODS, XRC_METHODS } from '../../src/system/dex/xrc/xrc-types.ts';
import { FORWARDER_SERVICE, forwarderProgram } from '../fixtures/forwarder-program.ts';
import { newClient } from '../fixtures/ledger-worlds.ts';
import { CallRejected, type ReplicaClient } from '../fixtures/replica-client.ts';

export const USER = Principal.selfAuthenticating(new Uint8Array(32).fill(7));
/** A canister that calls the sources with cycles. */
export const CALLER_ID = Principal.fromText('rno2w-sqaaa-aaaaa-aaacq-cai');
const PLENTY_OF_CYCLES = 1_000_000_000_000_000n;

const METHODS: Readonly<Record<string, IDL.FuncClass>> = {
  ...SWAP_FACTORY_METHODS,
  ...SWAP_FACTORY_ADMIN_METHODS,
  ...SWAP_POOL_METHODS,
  ...SWAP_POOL_ADMIN_METHODS,
  ...XRC_METHODS,
  ...XRC_ADMIN_METHODS,
  ...OISY_TRADE_METHODS,
  ...OISY_TRADE_ADMIN_METHODS,
  ...KONG_METHODS,
  ...KONG_ADMIN_METHODS,
  ...AVAILABILITY_METHODS,
};
export const SOURCE_SERVICE = IDL.Service({ ...METHODS });

export interface Forwarded {
  readonly answer: unknown;
  readonly refunded: bigint;
}

/** A replica with a price world and a canister that calls it. */
export class PriceWorldClient {
  readonly client: ReplicaClient = newClient();
  readonly world: PriceWorld;

  constructor(options?: PriceWorldOptions) {
    this.world = installPriceWorld(this.client.replica, options);
    this.client.replica.installNative(CALLER_ID, forwarderProgram(), PLENTY_OF_CYCLES);
    this.client.setNow(this.client.nowNs + 1n);
  }

  /** From outside, as the method's annotation says. A reject is `{ reject, message }`. */
  call(canisterId: Principal, method: string, ...args: unknown[]): unknown {
    const target = { sender: USER, canisterId, method };
    return rejects(() => this.client.call(target, SOURCE_SERVICE, ...args));
  }

  /** From a canister, in replicated mode, with cycles. */
  forward(target: {
    readonly canisterId: Principal;
    readonly method: string;
    readonly args: readonly unknown[];
    readonly cycles?: bigint;
  }): unknown {
    const func = METHODS[target.method];
    if (func === undefined) throw new Error(`no method ${target.method}`);
    const arg = IDL.encode(func.argTypes, [...target.args]);
    const forward = { sender: USER, canisterId: CALLER_ID, method: 'forward' };
    const what = [target.canisterId, target.method, arg, target.cycles ?? 0n];
    return rejects((): Forwarded => {
      const reply = this.client.call(forward, FORWARDER_SERVICE, ...what) as {
        data: Uint8Array;
        refunded: bigint;
      };
      const [answer] = IDL.decode(func.retTypes, new Uint8Array(reply.data));
      return { answer, refunded: reply.refunded };
    });
  }
}

export function rejects(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CallRejected)) throw error;
    return { reject: error.code, message: error.message };
  }
}
