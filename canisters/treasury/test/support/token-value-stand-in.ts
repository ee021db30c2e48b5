import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { defineNative } from '@decent-cloud/localnet/core/define-native.ts';
import {
  NativeReject,
  type NativeContext,
  type NativeProgram,
} from '@decent-cloud/localnet/core/native.ts';
import { ErrorCode, reject } from '@decent-cloud/localnet/core/types.ts';

export const PRICES_PROGRAM = 'token-value-stand-in';

/** What the stand-in says about one token. */
export type StandInPrice =
  | { readonly kind: 'price'; readonly usdE8: bigint; readonly capUsdE8?: bigint }
  | { readonly kind: 'no-price'; readonly reason: string };

const Leaf = IDL.Record({ reason: IDL.Text, last_good_at_ns: IDL.Opt(IDL.Nat64) });
const Answer = IDL.Variant({
  Ok: IDL.Record({
    token: IDL.Principal,
    symbol: IDL.Text,
    decimals: IDL.Nat8,
    usd_e8: IDL.Nat,
    spot_usd_e8: IDL.Nat,
    median_1h_usd_e8: IDL.Nat,
    median_24h_usd_e8: IDL.Nat,
    at_ns: IDL.Nat64,
    sources_hash: IDL.Vec(IDL.Nat8),
    exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
  }),
  Err: IDL.Record({
    kind: IDL.Variant({
      RequestError: IDL.Opt(IDL.Variant({ UnknownToken: IDL.Null, NotFound: IDL.Null })),
      TemporaryError: IDL.Opt(IDL.Variant({ NoPrice: Leaf, Busy: IDL.Null })),
      InternalError: IDL.Opt(IDL.Variant({ Unexpected: IDL.Null })),
    }),
    message: IDL.Text,
  }),
});
const Service = IDL.Service({ get_price: IDL.Func([IDL.Principal], [Answer], ['query']) });

/** Answers `get_price` with the contract of token-value, from prices that a test sets. */
export class TokenValueStandIn {
  readonly prices = new Map<string, StandInPrice>();
  /** As a canister that is stopped or traps. */
  isDead = false;
  /** How often it was asked. */
  asked = 0;
  readonly program: NativeProgram = defineNative({
    programId: PRICES_PROGRAM,
    candid: '',
    service: Service,
    handlers: {
      get_price: (context: NativeContext, token: Principal) => this.#ask(context, token),
    },
    save: () => new TextEncoder().encode(serialize(this.prices)),
    load: (bytes) => {
      for (const [token, price] of parse(new TextDecoder().decode(bytes))) {
        this.prices.set(token, price);
      }
    },
  });

  #ask(context: NativeContext, token: Principal): unknown {
    this.asked += 1;
    if (this.isDead) throw new NativeReject(reject(ErrorCode.CanisterStopped, 'it is stopped'));
    const price = this.prices.get(token.toText());
    if (price === undefined) {
      return { Err: { kind: { RequestError: [{ UnknownToken: null }] }, message: 'unknown' } };
    }
    if (price.kind === 'no-price') {
      const leaf = { NoPrice: { reason: price.reason, last_good_at_ns: [context.timeNs] } };
      return { Err: { kind: { TemporaryError: [leaf] }, message: price.reason } };
    }
    const { usdE8, capUsdE8 } = price;
    return {
      Ok: {
        token,
        symbol: 'ckUSDC',
        decimals: 6,
        usd_e8: usdE8,
        spot_usd_e8: usdE8,
        median_1h_usd_e8: usdE8,
        median_24h_usd_e8: usdE8,
        at_ns: context.timeNs,
        sources_hash: new Uint8Array(32).fill(9),
        exposure_cap_usd_e8: capUsdE8 === undefined ? [] : [capUsdE8],
      },
    };
  }
}

function serialize(prices: ReadonlyMap<string, StandInPrice>): string {
  const replacer = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? { big: value.toString() } : value;
  return JSON.stringify([...prices], replacer);
}

function parse(json: string): [string, StandInPrice][] {
  const reviver = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && 'big' in value
      ? BigInt(String(value.big))
      : value;
  return JSON.parse(json, reviver) as [string, StandInPrice][];
}
