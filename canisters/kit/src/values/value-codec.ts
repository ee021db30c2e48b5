import { invariant } from '@decent-cloud/domain/assert.ts';
import type { TailReader } from './binary-tail.ts';
import { TailWriter } from './binary-tail.ts';
import { RecordShape, type Fields, type Json } from './field.ts';
import { decodeJson, encodeJson } from './value-bytes.ts';

/** Values to stored bytes and back, including bytes that older releases wrote. */
export interface ValueCodec<T> {
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

/** How a release before this one stored the value, and how that becomes today's value. */
export interface OlderVersion<T> {
  readonly version: number;
  readonly decode: (json: readonly Json[], tail: TailReader) => T;
}

/** Describes one older version. Keep it as long as a stored value may have it: for ever. */
export function olderVersion<Old extends object, T>(older: {
  readonly version: number;
  readonly fields: Fields<Old>;
  readonly upgrade: (old: Old) => T;
}): OlderVersion<T> {
  const shape = new RecordShape(older.fields);
  return {
    version: older.version,
    decode: (json, tail) => older.upgrade(shape.decode(json, tail, 1)),
  };
}

/**
 * Stores a value as `[version, field, field, …]`. Changing fields means a new `version` and an
 * `olderVersion` for the one before. A version that nobody described is refused, never guessed.
 */
export function valueCodec<T extends object>(schema: {
  readonly version: number;
  readonly fields: Fields<T>;
  readonly older?: readonly OlderVersion<T>[];
}): ValueCodec<T> {
  const shape = new RecordShape(schema.fields);
  const older = new Map((schema.older ?? []).map((item) => [item.version, item]));
  invariant(older.size === (schema.older ?? []).length, 'a version is described twice');
  for (const version of older.keys()) {
    invariant(version < schema.version, `version ${version} is not older than ${schema.version}`);
  }
  const decodeAny = (json: readonly Json[], tail: TailReader): T => {
    if (json[0] === schema.version) return shape.decode(json, tail, 1);
    const old = older.get(json[0] as number);
    invariant(old !== undefined, `a stored value has unknown version ${String(json[0])}`);
    return old.decode(json, tail);
  };
  return {
    encode(value) {
      const tail = new TailWriter();
      return encodeJson(shape.encodeOnto([schema.version], value, tail), tail);
    },
    decode(bytes) {
      const { json, tail } = decodeJson(bytes);
      const value = decodeAny(json, tail);
      tail.finish();
      return value;
    },
  };
}
