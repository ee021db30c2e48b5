import { fc, test } from '@fast-check/vitest';
import { JSONParse, JSONStringify } from 'json-with-bigint';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import {
  bytesSchema,
  encodeBytes,
  encodePrincipal,
  parseJsonBigints,
  principalSchema,
  stringifyJsonBigints,
  unsignedSchema,
} from './wire.ts';

describe('wire bytes', () => {
  test.prop([fc.uint8Array({ maxLength: 300 })])('round-trip as base64', (bytes) => {
    expect(bytesSchema.parse(encodeBytes(bytes))).toEqual(bytes);
  });

  it('gives bytes a buffer of their own', () => {
    const bytes = bytesSchema.parse('AAEC');
    expect(bytes.buffer.byteLength).toBe(3);
  });

  it('encodes only the viewed part of a larger buffer', () => {
    expect(encodeBytes(Uint8Array.of(9, 1, 2, 9).subarray(1, 3))).toBe('AQI=');
  });

  it.each(['A', 'AB', 'A-B_', 'AAE=x', 'AA E'])('refuses %j', (text) => {
    expect(bytesSchema.safeParse(text).success).toBe(false);
  });
});

describe('wire principals', () => {
  test.prop([fc.uint8Array({ maxLength: 29 })])('round-trip', (bytes) => {
    const principal = Principal.fromUint8Array(bytes);
    expect(principalSchema.parse(encodePrincipal(principal)).toText()).toBe(principal.toText());
  });

  it('refuses more than 29 bytes', () => {
    expect(principalSchema.safeParse(encodeBytes(new Uint8Array(30))).success).toBe(false);
  });
});

describe('wire numbers', () => {
  test.prop([fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })])(
    'reads what the client writes without rounding',
    (amount) => {
      const body = parseJsonBigints(JSONStringify({ amount })) as { amount: unknown };
      expect(unsignedSchema(128).parse(body.amount)).toBe(amount);
    },
  );

  test.prop([fc.bigInt({ min: (1n << 53n) + 1n, max: (1n << 128n) - 1n })])(
    'writes plain numbers that the client reads as bigints',
    (cycles) => {
      const text = stringifyJsonBigints({ cycles });
      expect(text).toBe(`{"cycles":${cycles}}`);
      expect(JSONParse(text)).toEqual({ cycles });
    },
  );

  it.each([-1, 1.5, '1', 2 ** 64, -1n, 1n << 64n])('refuses %s as 64 bits', (value) => {
    expect(unsignedSchema(64).safeParse(value).success).toBe(false);
  });
});
