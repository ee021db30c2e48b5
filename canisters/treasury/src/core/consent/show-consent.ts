import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import { accountText } from '../words/account-text.ts';
import { plainText } from '../words/plain-text.ts';
import { durationText, localTime, soundOffset } from '@decent-cloud/domain/utc-time.ts';
import type { ConsentField, ConsentMessage, ConsentValue } from './consent-message.ts';

const NS_PER_SECOND = 1_000_000_000n;
const NAT64_MAX = 2n ** 64n - 1n;

/** A field as devices take it, by the standard's names. Source: ICRC-21, "FieldsDisplay". */
export type ShownValue =
  | {
      readonly TokenAmount: {
        readonly decimals: number;
        readonly amount: bigint;
        readonly symbol: string;
      };
    }
  | { readonly TimestampSeconds: { readonly amount: bigint } }
  | { readonly DurationSeconds: { readonly amount: bigint } }
  | { readonly Text: { readonly content: string } };

/** For devices with fields of their own: numbers stay numbers, as far as the field has room. */
export function consentFields(
  message: ConsentMessage,
  utcOffsetMinutes: number | undefined,
): readonly (readonly [label: string, value: ShownValue])[] {
  return message.fields.map(({ label, value }) => [label, shownValue(value, utcOffsetMinutes)]);
}

/**
 * As Markdown. Values stand in code on one line and hold no backtick, so that nothing in them is read
 * as formatting, a link or a heading.
 */
export function consentMarkdown(
  message: ConsentMessage,
  utcOffsetMinutes: number | undefined,
): string {
  const lines = message.fields.map((field) => fieldLine(field, utcOffsetMinutes));
  return [`# ${message.intent}`, ...lines].join('\n\n');
}

function fieldLine({ label, value }: ConsentField, offset: number | undefined): string {
  const words = plainText(wordsOf(value, offset));
  return `**${label}:**\n\`${words.trim() === '' ? '(empty)' : words}\``;
}

/** A time has a field of its own only in UTC: with the reader's offset it is a text. */
function shownValue(value: ConsentValue, offset: number | undefined): ShownValue {
  switch (value.kind) {
    case 'tokens': {
      const { amount, token } = value;
      if (amount > NAT64_MAX) return text(wordsOf(value, offset));
      return { TokenAmount: { decimals: token.decimals, amount, symbol: token.symbol } };
    }
    case 'time':
      return soundOffset(offset) === undefined
        ? { TimestampSeconds: { amount: value.at / NS_PER_SECOND } }
        : text(wordsOf(value, offset));
    case 'duration':
      return { DurationSeconds: { amount: value.ns / NS_PER_SECOND } };
    case 'account':
    case 'text':
      return text(wordsOf(value, offset));
  }
}

function text(words: string): ShownValue {
  return { Text: { content: plainText(words) } };
}

function wordsOf(value: ConsentValue, offset: number | undefined): string {
  switch (value.kind) {
    case 'tokens': {
      const { amount, token } = value;
      return `${formatDecimal({ amount, decimals: token.decimals })} ${token.symbol}`;
    }
    case 'time':
      return localTime(value.at, offset ?? 0);
    case 'duration':
      return durationText(value.ns);
    case 'account':
      return accountText(value.account);
    case 'text':
      return value.content;
  }
}
