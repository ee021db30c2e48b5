import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { accountOf, accountText, toHex } from './core/account.ts';
import type { WireConsentRequest, WireFieldValue } from './wire/consent-types.ts';
import {
  readAccount,
  readSubaccount,
  type WireApprove,
  type WireTransfer,
  type WireTransferFrom,
} from './wire/icrc-messages.ts';
import { ApproveArgs, TransferArg, TransferFromArgs } from './wire/icrc-types.ts';

/** Longest argument a wallet may ask about. Source: icrc-ledger-types, icrc21. */
const ARG_BYTES_MAX = 500;
const NS_PER_SECOND = 1_000_000_000n;
const MS_PER_MINUTE = 60_000;
const NAT64_MAX = (1n << 64n) - 1n;

export interface ConsentContext {
  readonly caller: Principal;
  readonly tokenName: string;
  readonly tokenSymbol: string;
  readonly decimals: number;
  readonly fee: bigint;
}

interface Field {
  readonly label: string;
  readonly value: WireFieldValue;
}

interface Message {
  readonly intent: string;
  readonly fields: readonly Field[];
}

/** ICRC-21: what a wallet shows before its user signs a transfer, approval or transfer_from. */
export function consentMessage(
  request: WireConsentRequest,
  context: ConsentContext,
): Record<string, unknown> {
  if (request.arg.length > ARG_BYTES_MAX) {
    return unsupported(`The argument is larger than ${ARG_BYTES_MAX} bytes.`);
  }
  const { metadata } = request.user_preferences;
  const offsetMinutes = metadata.utc_offset_minutes[0] ?? 0;
  const build = BUILDERS[request.method];
  if (build === undefined) {
    return unsupported(
      `No message for ${request.method}; there is one for ${Object.keys(BUILDERS).join(', ')}.`,
    );
  }
  let message: Message;
  try {
    message = build(new Uint8Array(request.arg), { ...context, offsetMinutes });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return unsupported(`The argument of ${request.method} does not decode: ${detail}`);
  }
  const [device] = request.user_preferences.device_spec;
  const isFields = device !== undefined && 'FieldsDisplay' in device;
  return {
    Ok: {
      consent_message: isFields
        ? { FieldsDisplayMessage: { intent: message.intent, fields: message.fields.map(pair) } }
        : { GenericDisplayMessage: markdown(message) },
      metadata: { language: 'en', utc_offset_minutes: metadata.utc_offset_minutes },
    },
  };
}

type Builder = (arg: Uint8Array, context: ConsentContext & { offsetMinutes: number }) => Message;

const BUILDERS: Readonly<Record<string, Builder>> = {
  icrc1_transfer: (arg, context) => {
    const call = decode(TransferArg, arg) as WireTransfer;
    const from = accountOf(context.caller, readSubaccount(call.from_subaccount));
    return {
      intent: `Send ${context.tokenName}`,
      fields: [
        ...(context.caller.isAnonymous() ? [] : [text('From', accountText(from))]),
        tokens('Amount', call.amount, context),
        text('To', accountText(readAccount(call.to))),
        tokens('Fees', context.fee, context),
        ...memoField(call.memo[0]),
      ],
    };
  },
  icrc2_approve: (arg, context) => {
    const call = decode(ApproveArgs, arg) as WireApprove;
    const from = accountOf(context.caller, readSubaccount(call.from_subaccount));
    const [expected] = call.expected_allowance;
    return {
      intent: `Approve spending of ${context.tokenName}`,
      fields: [
        ...(context.caller.isAnonymous() ? [] : [text('From', accountText(from))]),
        text('Spender', accountText(readAccount(call.spender))),
        tokens('Requested allowance', call.amount, context),
        ...(expected === undefined ? [] : [tokens('Existing allowance', expected, context)]),
        expiryField(call.expires_at[0], context.offsetMinutes),
        tokens('Fees', context.fee, context),
        ...memoField(call.memo[0]),
      ],
    };
  },
  icrc2_transfer_from: (arg, context) => {
    const call = decode(TransferFromArgs, arg) as WireTransferFrom;
    const spender = accountOf(context.caller, readSubaccount(call.spender_subaccount));
    return {
      intent: `Spend ${context.tokenName} of another account`,
      fields: [
        text('From', accountText(readAccount(call.from))),
        tokens('Amount', call.amount, context),
        ...(context.caller.isAnonymous() ? [] : [text('Spender', accountText(spender))]),
        text('To', accountText(readAccount(call.to))),
        tokens('Fees', context.fee, context),
        ...memoField(call.memo[0]),
      ],
    };
  },
};

function decode(type: IDL.Type, arg: Uint8Array): unknown {
  return IDL.decode([type], arg)[0];
}

function unsupported(description: string): Record<string, unknown> {
  return { Err: { UnsupportedCanisterCall: { description } } };
}

function text(label: string, content: string): Field {
  return { label, value: { Text: { content } } };
}

/** Amounts beyond 64 bits have no field of their own and are shown as text. */
function tokens(label: string, amount: bigint, context: ConsentContext): Field {
  const { decimals, tokenSymbol: symbol } = context;
  return amount > NAT64_MAX
    ? text(label, `${decimalText(amount, decimals)} ${symbol}`)
    : { label, value: { TokenAmount: { decimals, amount, symbol } } };
}

function expiryField(expiresAtNs: bigint | undefined, offsetMinutes: number): Field {
  if (expiresAtNs === undefined) return text('Expiration', 'Never');
  const shown = new Date(
    Number(expiresAtNs / (NS_PER_SECOND / 1_000n)) + offsetMinutes * MS_PER_MINUTE,
  );
  const sign = offsetMinutes < 0 ? '-' : '+';
  const minutes = Math.abs(offsetMinutes);
  const zone = `${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return text('Expiration', shown.toISOString().replace(/\.\d+Z$/, zone));
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}

function memoField(memo: Uint8Array | undefined): readonly Field[] {
  if (memo === undefined) return [];
  try {
    return [text('Memo', new TextDecoder('utf-8', { fatal: true }).decode(memo))];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [text('Memo', toHex(memo))];
  }
}

function pair(field: Field): [string, WireFieldValue] {
  return [field.label, field.value];
}

function markdown(message: Message): string {
  const lines = message.fields.map(({ label, value }) => `**${label}:**\n\`${shown(value)}\``);
  return [`# ${message.intent}`, ...lines].join('\n\n');
}

function shown(value: WireFieldValue): string {
  if ('Text' in value) return value.Text.content;
  if ('TimestampSeconds' in value) return value.TimestampSeconds.amount.toString();
  const { amount, decimals, symbol } = value.TokenAmount;
  return `${decimalText(amount, decimals)} ${symbol}`;
}

function decimalText(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
