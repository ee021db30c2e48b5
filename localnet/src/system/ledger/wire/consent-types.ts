import { IDL } from '@dfinity/candid';
import type { Opt } from '../../../core/candid-opt.ts';
import { Blob } from './icrc-types.ts';

/** Candid types of ICRC-21 as ledgers of late 2025 have them. */
const ConsentMetadata = IDL.Record({
  language: IDL.Text,
  utc_offset_minutes: IDL.Opt(IDL.Int16),
});

const ConsentRequest = IDL.Record({
  method: IDL.Text,
  arg: Blob,
  user_preferences: IDL.Record({
    metadata: ConsentMetadata,
    device_spec: IDL.Opt(IDL.Variant({ GenericDisplay: IDL.Null, FieldsDisplay: IDL.Null })),
  }),
});

const FieldValue = IDL.Variant({
  TokenAmount: IDL.Record({ decimals: IDL.Nat8, amount: IDL.Nat64, symbol: IDL.Text }),
  TimestampSeconds: IDL.Record({ amount: IDL.Nat64 }),
  DurationSeconds: IDL.Record({ amount: IDL.Nat64 }),
  Text: IDL.Record({ content: IDL.Text }),
});

const ErrorInfo = IDL.Record({ description: IDL.Text });

const ConsentResponse = IDL.Variant({
  Ok: IDL.Record({
    consent_message: IDL.Variant({
      GenericDisplayMessage: IDL.Text,
      FieldsDisplayMessage: IDL.Record({
        intent: IDL.Text,
        fields: IDL.Vec(IDL.Tuple(IDL.Text, FieldValue)),
      }),
    }),
    metadata: ConsentMetadata,
  }),
  Err: IDL.Variant({
    UnsupportedCanisterCall: ErrorInfo,
    ConsentMessageUnavailable: ErrorInfo,
    InsufficientPayment: ErrorInfo,
    GenericError: IDL.Record({ error_code: IDL.Nat, description: IDL.Text }),
  }),
});

export const CONSENT_METHODS = {
  icrc21_canister_call_consent_message: IDL.Func([ConsentRequest], [ConsentResponse], []),
};

export interface WireConsentRequest {
  readonly method: string;
  readonly arg: Uint8Array;
  readonly user_preferences: {
    readonly metadata: { readonly language: string; readonly utc_offset_minutes: Opt<number> };
    readonly device_spec: Opt<{ GenericDisplay: null } | { FieldsDisplay: null }>;
  };
}

export type WireFieldValue =
  | { TokenAmount: { decimals: number; amount: bigint; symbol: string } }
  | { TimestampSeconds: { amount: bigint } }
  | { Text: { content: string } };
