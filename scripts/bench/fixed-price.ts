import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { defineNative } from '@decent-cloud/localnet/core/define-native.ts';
import type { NativeContext, NativeProgram } from '@decent-cloud/localnet/core/native.ts';

const DOLLAR_E8 = 100_000_000n;

/** What treasury reads of token-value's answer, and the error that both could give. */
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
});
const Service = IDL.Service({ get_price: IDL.Func([IDL.Principal], [Answer], ['query']) });

/** Answers like token-value that a token of six decimals is worth a dollar, for no instructions. */
export const fixedPrice: NativeProgram = defineNative({
  programId: 'fixed-price',
  candid: '',
  service: Service,
  handlers: {
    get_price: ({ timeNs }: NativeContext, token: Principal) => ({
      Ok: {
        token,
        symbol: 'ckUSDC',
        decimals: 6,
        usd_e8: DOLLAR_E8,
        spot_usd_e8: DOLLAR_E8,
        median_1h_usd_e8: DOLLAR_E8,
        median_24h_usd_e8: DOLLAR_E8,
        at_ns: timeNs,
        sources_hash: new Uint8Array(32).fill(9),
        exposure_cap_usd_e8: [],
      },
    }),
  },
  save: () => new Uint8Array(0),
  load: () => undefined,
});
