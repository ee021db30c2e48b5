import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { TokenConfig } from '../tokens/token-config.ts';
import type { ConsentField, ConsentValue } from './consent-message.ts';
import { consentFields, consentMarkdown } from './show-consent.ts';

const token: TokenConfig = {
  ledger: Principal.fromUint8Array(Uint8Array.of(9)),
  symbol: 'TEST',
  decimals: 8,
  fee: 10_000n as TokenUnits,
  minPayout: 1n as TokenUnits,
  hasIcrc3Blocks: true,
  isEnabled: true,
};
const tokens = (amount: bigint): ConsentValue => ({
  kind: 'tokens',
  amount: amount as TokenUnits,
  token,
});
const message = (...fields: ConsentField[]) => ({ intent: 'Do it', fields });
const only = (value: ConsentValue, offset?: number) =>
  consentFields(message({ label: 'x', value }), offset)[0]?.[1];

describe('consentFields', () => {
  it('keeps numbers as numbers where the field has room', () => {
    const most = 2n ** 64n - 1n;
    expect(only(tokens(most))).toEqual({
      TokenAmount: { decimals: 8, amount: most, symbol: 'TEST' },
    });
    expect(only(tokens(most + 1n))).toEqual({ Text: { content: '184467440737.09551616 TEST' } });
    expect(only({ kind: 'duration', ns: durationNs({ hours: 2 }) })).toEqual({
      DurationSeconds: { amount: 7_200n },
    });
  });

  it('gives a time in seconds, or as text in an offset that exists', () => {
    const value = { kind: 'time', at: timestampNs(1_795_435_445_999_999_999n) } as const;
    expect(only(value)).toEqual({ TimestampSeconds: { amount: 1_795_435_445n } });
    expect(only(value, 60)).toEqual({ Text: { content: '2026-11-23 13:04:05 +01:00' } });
    expect(only(value, 9_999)).toEqual({ TimestampSeconds: { amount: 1_795_435_445n } });
  });
});

describe('consentMarkdown', () => {
  it('has one heading and each value in code on a line of its own', () => {
    const fields = message(
      { label: 'You pay', value: tokens(150_000_000n) },
      { label: 'Reason', value: { kind: 'text', content: '' } },
    );
    expect(consentMarkdown(fields, undefined)).toBe(
      '# Do it\n\n**You pay:**\n`1.5 TEST`\n\n**Reason:**\n`(empty)`',
    );
  });

  it('keeps its form whatever a stranger writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (content) => {
        const field = { label: 'Reason', value: { kind: 'text', content } } as const;
        const text = consentMarkdown(message(field), undefined);
        expect(text).toMatch(/^# Do it\n\n\*\*Reason:\*\*\n`[^`\n\r]+`$/u);
      }),
    );
  });
});
