import { Principal } from '@dfinity/principal';
import { JSONParse, JSONStringify } from 'json-with-bigint';
import { z } from 'zod';

/**
 * How PocketIC's REST protocol writes things down: bytes and principals are base64 strings, times
 * and cycle amounts are JSON numbers beyond 2^53.
 * Source: dfinity/ic packages/pocket-ic/src/common/rest.rs.
 */

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MAX_PRINCIPAL_BYTES = 29;

export function encodeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function encodePrincipal(principal: Principal): string {
  return encodeBytes(principal.toUint8Array());
}

/** Standard base64 with padding to bytes of their own buffer (Candid decoding needs that). */
export const bytesSchema = z
  .string()
  .regex(BASE64, 'not base64')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

export const principalSchema = bytesSchema
  .refine((bytes) => bytes.length <= MAX_PRINCIPAL_BYTES, 'a principal has at most 29 bytes')
  .transform((bytes) => Principal.fromUint8Array(bytes));

/** A whole number of at most `bits` bits; read with `parseJsonBigints`, else it may be rounded. */
export function unsignedSchema(bits: 64 | 128): z.ZodType<bigint, number | bigint> {
  const limit = 1n << BigInt(bits);
  return z
    .union([z.int().nonnegative(), z.bigint().nonnegative()])
    .transform((value) => BigInt(value))
    .refine((value) => value < limit, `does not fit ${bits} bits`);
}

/**
 * Parses JSON whose whole numbers may exceed 2^53; those become bigints. Only for small bodies: it
 * overflows the stack on strings of some 10 MB, so bodies that carry payloads use `JSON.parse`.
 */
export function parseJsonBigints(text: string): unknown {
  return JSONParse(text);
}

/** Writes bigints as plain JSON numbers. */
export function stringifyJsonBigints(value: unknown): string {
  return JSONStringify(value);
}
