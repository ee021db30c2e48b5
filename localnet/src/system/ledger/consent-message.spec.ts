import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { consentMessage } from './consent-message.ts';
import { CONSENT_METHODS, type WireConsentRequest } from './wire/consent-types.ts';
import { ApproveArgs, TransferArg, TransferFromArgs } from './wire/icrc-types.ts';

const ALICE = Principal.fromUint8Array(Uint8Array.of(1, 2));
const BOB = Principal.fromUint8Array(Uint8Array.of(3, 4));
const FUNC = CONSENT_METHODS.icrc21_canister_call_consent_message;
const CONTEXT = {
  caller: ALICE,
  tokenName: 'Test Token',
  tokenSymbol: 'TEST',
  decimals: 8,
  fee: 10_000n,
};

const TRANSFER = {
  from_subaccount: [],
  to: { owner: BOB, subaccount: [] },
  amount: 150_000_000n,
  fee: [],
  memo: [new TextEncoder().encode('order 7')],
  created_at_time: [],
};

function ask(
  method: string,
  arg: Uint8Array,
  device: WireConsentRequest['user_preferences']['device_spec'] = [],
): Record<string, unknown> {
  const metadata = { language: 'de', utc_offset_minutes: [120] as [number] };
  const request = { method, arg, user_preferences: { metadata, device_spec: device } };
  const answer = consentMessage(request, CONTEXT);
  // The answer must be one that goes over the wire.
  return IDL.decode(FUNC.retTypes, IDL.encode(FUNC.retTypes, [answer]))[0] as Record<
    string,
    unknown
  >;
}

function text(answer: Record<string, unknown>): string {
  return (answer as { Ok: { consent_message: { GenericDisplayMessage: string } } }).Ok
    .consent_message.GenericDisplayMessage;
}

describe('consentMessage', () => {
  it('names amount, receiver, fee and memo of a transfer, in whole tokens', () => {
    const answer = ask('icrc1_transfer', IDL.encode([TransferArg], [TRANSFER]));
    for (const part of ['1.5 TEST', BOB.toText(), ALICE.toText(), '0.0001 TEST', 'order 7']) {
      expect(text(answer)).toContain(part);
    }
    expect(answer).toMatchObject({
      Ok: { metadata: { language: 'en', utc_offset_minutes: [120] } },
    });
  });

  it('gives fields to a device that asks for fields', () => {
    const arg = IDL.encode([TransferArg], [TRANSFER]);
    const answer = ask('icrc1_transfer', arg, [{ FieldsDisplay: null }]) as {
      Ok: { consent_message: { FieldsDisplayMessage: { fields: [string, unknown][] } } };
    };
    const fields = new Map(answer.Ok.consent_message.FieldsDisplayMessage.fields);
    expect(fields.get('Amount')).toEqual({
      TokenAmount: { decimals: 8, amount: 150_000_000n, symbol: 'TEST' },
    });
    expect(fields.get('Memo')).toEqual({ Text: { content: 'order 7' } });
  });

  it('shows what an approval allows, until when in the time zone of the user', () => {
    const approval = {
      ...{ from_subaccount: [], spender: { owner: BOB, subaccount: [] }, amount: 1n << 70n },
      ...{ expected_allowance: [5n], expires_at: [1_700_000_000_000_000_000n] },
      ...{ fee: [], memo: [Uint8Array.of(0xff, 0)], created_at_time: [] },
    };
    const message = text(ask('icrc2_approve', IDL.encode([ApproveArgs], [approval])));
    expect(message).toContain('2023-11-15T00:13:20+02:00');
    expect(message).toContain('11805916207174.11303424 TEST');
    expect(message).toContain('0.00000005 TEST');
    expect(message).toContain('ff00');
  });

  it('shows whose tokens a transfer_from takes', () => {
    const from = { owner: BOB, subaccount: [new Uint8Array(32).fill(1)] };
    const call = { ...TRANSFER, from, spender_subaccount: [], memo: [] };
    const message = text(ask('icrc2_transfer_from', IDL.encode([TransferFromArgs], [call])));
    expect(message).toContain(`${BOB.toText()}-`);
    expect(message).toContain(ALICE.toText());
  });

  it('refuses other methods, arguments that do not decode and long ones', () => {
    expect(ask('icrc1_balance_of', new Uint8Array())).toHaveProperty(
      'Err.UnsupportedCanisterCall.description',
    );
    expect(ask('icrc1_transfer', Uint8Array.of(1, 2, 3))).toHaveProperty(
      'Err.UnsupportedCanisterCall.description',
    );
    expect(ask('icrc1_transfer', new Uint8Array(501))).toHaveProperty(
      'Err.UnsupportedCanisterCall.description',
    );
    const badTo = { owner: BOB, subaccount: [Uint8Array.of(1)] };
    const arg = IDL.encode([TransferArg], [{ ...TRANSFER, to: badTo }]);
    expect(ask('icrc1_transfer', arg)).toHaveProperty('Err.UnsupportedCanisterCall.description');
  });

  it('takes the line display of older wallets for the generic one', () => {
    const LineDisplay = IDL.Record({ characters_per_line: IDL.Nat16, lines_per_page: IDL.Nat16 });
    const Older = IDL.Record({
      method: IDL.Text,
      arg: IDL.Vec(IDL.Nat8),
      user_preferences: IDL.Record({
        metadata: IDL.Record({ language: IDL.Text }),
        device_spec: IDL.Opt(IDL.Variant({ GenericDisplay: IDL.Null, LineDisplay })),
      }),
    });
    const device = { LineDisplay: { characters_per_line: 20, lines_per_page: 4 } };
    const preferences = { metadata: { language: 'en' }, device_spec: [device] };
    const arg = IDL.encode([TransferArg], [TRANSFER]);
    const older = { method: 'icrc1_transfer', arg, user_preferences: preferences };
    const [request] = IDL.decode(FUNC.argTypes, IDL.encode([Older], [older]));
    const answer = consentMessage(request as unknown as WireConsentRequest, CONTEXT);
    expect(text(answer)).toContain('1.5 TEST');
  });
});
