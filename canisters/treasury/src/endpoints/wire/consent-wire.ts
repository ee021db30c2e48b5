import { IDL } from '@dfinity/candid';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { consentFields, consentMarkdown } from '../../core/consent/show-consent.ts';
import type { ShownValue } from '../../core/consent/show-consent.ts';
import type { ConsentMessage } from '../../core/consent/consent-message.ts';
import { soundOffset } from '@decent-cloud/domain/utc-time.ts';

/**
 * Candid of ICRC-10 and ICRC-21. Sources: dfinity/ICRC, `ICRC-10`; dfinity/wg-identity-authentication,
 * `topics/ICRC-21`. A device that asks for a display which the standard no longer has is read as one
 * that asks for nothing.
 */
const Metadata = lazy(() =>
  IDL.Record({ language: IDL.Text, utc_offset_minutes: IDL.Opt(IDL.Int16) }),
);

export const ConsentRequest = lazy(() =>
  IDL.Record({
    method: IDL.Text,
    arg: IDL.Vec(IDL.Nat8),
    user_preferences: IDL.Record({
      metadata: Metadata,
      device_spec: IDL.Opt(IDL.Variant({ GenericDisplay: IDL.Null, FieldsDisplay: IDL.Null })),
    }),
  }),
);

const FieldValue = lazy(() =>
  IDL.Variant({
    TokenAmount: IDL.Record({ decimals: IDL.Nat8, amount: IDL.Nat64, symbol: IDL.Text }),
    TimestampSeconds: IDL.Record({ amount: IDL.Nat64 }),
    DurationSeconds: IDL.Record({ amount: IDL.Nat64 }),
    Text: IDL.Record({ content: IDL.Text }),
  }),
);

const ErrorInfo = lazy(() => IDL.Record({ description: IDL.Text }));

export const ConsentResponse = lazy(() =>
  IDL.Variant({
    Ok: IDL.Record({
      consent_message: IDL.Variant({
        GenericDisplayMessage: IDL.Text,
        FieldsDisplayMessage: IDL.Record({
          intent: IDL.Text,
          fields: IDL.Vec(IDL.Tuple(IDL.Text, FieldValue)),
        }),
      }),
      metadata: Metadata,
    }),
    Err: IDL.Variant({
      UnsupportedCanisterCall: ErrorInfo,
      ConsentMessageUnavailable: ErrorInfo,
      InsufficientPayment: ErrorInfo,
      GenericError: IDL.Record({ error_code: IDL.Nat, description: IDL.Text }),
    }),
  }),
);

export const Standards = lazy(() => IDL.Vec(IDL.Record({ name: IDL.Text, url: IDL.Text })));

/** ICRC-28 is not among them on purpose: a canister that holds money must not implement it. */
export const STANDARDS = [
  {
    name: 'ICRC-10',
    url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-10/ICRC-10.md',
  },
  {
    name: 'ICRC-21',
    url: 'https://github.com/dfinity/wg-identity-authentication/blob/main/topics/ICRC-21/icrc_21_consent_msg.md',
  },
] as const;

export interface WireConsentRequest {
  readonly method: string;
  readonly arg: Uint8Array;
  readonly user_preferences: {
    readonly metadata: { readonly utc_offset_minutes: [] | [number] };
    readonly device_spec:
      [] | [{ readonly GenericDisplay: null } | { readonly FieldsDisplay: null }];
  };
}

export type WireConsentResponse =
  | {
      readonly Ok: {
        readonly consent_message:
          | { readonly GenericDisplayMessage: string }
          | {
              readonly FieldsDisplayMessage: {
                readonly intent: string;
                readonly fields: readonly (readonly [string, ShownValue])[];
              };
            };
        readonly metadata: {
          readonly language: 'en';
          readonly utc_offset_minutes: [] | [number];
        };
      };
    }
  | {
      readonly Err:
        | { readonly UnsupportedCanisterCall: { readonly description: string } }
        | { readonly ConsentMessageUnavailable: { readonly description: string } };
    };

/** The message in the form that was asked for. There is one language: English. */
export function consentToWire(
  message: ConsentMessage,
  { metadata, device_spec }: WireConsentRequest['user_preferences'],
): WireConsentResponse {
  const offset = soundOffset(metadata.utc_offset_minutes[0]);
  const [device] = device_spec;
  const isFields = device !== undefined && 'FieldsDisplay' in device;
  const { intent } = message;
  return {
    Ok: {
      consent_message: isFields
        ? { FieldsDisplayMessage: { intent, fields: consentFields(message, offset) } }
        : { GenericDisplayMessage: consentMarkdown(message, offset) },
      metadata: { language: 'en', utc_offset_minutes: offset === undefined ? [] : [offset] },
    },
  };
}
