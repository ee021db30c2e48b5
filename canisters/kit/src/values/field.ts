import { Principal } from '@dfinity/principal';
import { invariant } from '@decent-cloud/domain/assert.ts';
import type { TailReader, TailWriter } from './binary-tail.ts';

/** What JSON text can hold; bytes go to the tail. */
export type Json = null | boolean | number | string | readonly Json[];

/** How one field is stored. */
export interface Field<T> {
  readonly encode: (value: T, tail: TailWriter) => Json;
  readonly decode: (json: Json, tail: TailReader) => T;
  /** True if the value is its own JSON: both calls are skipped. */
  readonly isPlain: boolean;
}

/** A field for each property, in the order in which they are stored. Never reorder a version. */
export type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

function plain<T extends Json>(): Field<T> {
  return { encode: (value) => value, decode: (json) => json as T, isPlain: true };
}

/** Any text. */
export const text: Field<string> = plain<string>();
/** True or false. */
export const bool: Field<boolean> = plain<boolean>();
/** Any number but NaN and the infinities, which JSON lacks. */
export const number: Field<number> = plain<number>();

/** A branded text or number, or a union of literals: `plainAs<RentalId>()`. */
export function plainAs<T extends string | number | boolean>(): Field<T> {
  return plain<T>();
}

/** A whole number of any size, as decimal text. `T` may be a branded amount or time. */
export function bigint<T extends bigint>(): Field<T> {
  return {
    encode: (value) => (value === 0n ? '0' : value.toString()),
    decode: (json) => BigInt(json as string) as T,
    isPlain: false,
  };
}

/** Bytes, stored as they are behind the text. */
export const bytes: Field<Uint8Array> = {
  encode: (value, tail) => tail.append(value),
  decode: (json, tail) => tail.take(json as number),
  isPlain: false,
};

/** A principal as its bytes: its text form costs a million instructions to read. */
export const principal: Field<Principal> = {
  encode: (value, tail) => tail.append(value.toUint8Array()),
  decode: (json, tail) => Principal.fromUint8Array(tail.take(json as number)),
  isPlain: false,
};

/** A field that may be undefined. */
export function optional<T>({ encode, decode }: Field<T>): Field<T | undefined> {
  return {
    encode: (value, tail) => (value === undefined ? null : encode(value, tail)),
    decode: (json, tail) => (json === null ? undefined : decode(json, tail)),
    isPlain: false,
  };
}

/** Any number of one thing. A list of what is its own JSON is its own JSON too. */
export function list<T>(field: Field<T>): Field<readonly T[]> {
  if (field.isPlain) {
    return { encode: (values) => values as Json, decode: (json) => json as T[], isPlain: true };
  }
  return {
    encode: (values, tail) => values.map((value) => field.encode(value, tail)),
    decode: (json, tail) => (json as Json[]).map((item) => field.decode(item, tail)),
    isPlain: false,
  };
}

/** A nested object, stored by position. */
export function record<T extends object>(fields: Fields<T>): Field<T> {
  const shape = new RecordShape(fields);
  return {
    encode: (value, tail) => shape.encodeOnto([], value, tail),
    decode: (json, tail) => shape.decode(json as Json[], tail),
    isPlain: false,
  };
}

type Kinded = { readonly kind: string };
/** The fields of each arm of a union discriminated on `kind`, without `kind` itself. */
export type Arms<U extends Kinded> = {
  readonly [Kind in U['kind']]: Fields<Omit<Extract<U, { readonly kind: Kind }>, 'kind'>>;
};

/** A union discriminated on `kind`, stored as the kind and the arm's fields. */
export function union<U extends Kinded>(arms: Arms<U>): Field<U> {
  const shapes = new Map<string, RecordShape<object>>();
  for (const [kind, fields] of Object.entries(arms)) {
    shapes.set(kind, new RecordShape(fields as Fields<object>));
  }
  const shapeOf = (kind: string): RecordShape<object> => {
    const shape = shapes.get(kind);
    invariant(shape !== undefined, `no stored form for kind ${kind}`);
    return shape;
  };
  return {
    encode: (value, tail) => [value.kind, shapeOf(value.kind).encodeOnto([], value, tail)],
    decode(json, tail) {
      const pair = json as readonly [string, Json[]];
      const kind = pair[0];
      return { kind, ...shapeOf(kind).decode(pair[1], tail) } as U;
    },
    isPlain: false,
  };
}

/**
 * Objects to arrays and back. Loops and lookups are hoisted and nothing is taken apart by position:
 * that is most of the cost.
 */
export class RecordShape<T extends object> {
  readonly #names: readonly (keyof T)[];
  /** Nothing stands where a value is its own JSON. */
  readonly #encoders: readonly (Field<T[keyof T]>['encode'] | undefined)[];
  readonly #decoders: readonly (Field<T[keyof T]>['decode'] | undefined)[];

  constructor(fields: Fields<T>) {
    this.#names = Object.keys(fields) as (keyof T)[];
    const all = this.#names.map((name) => fields[name]) as readonly Field<T[keyof T]>[];
    this.#encoders = all.map((field) => (field.isPlain ? undefined : field.encode));
    this.#decoders = all.map((field) => (field.isPlain ? undefined : field.decode));
  }

  encodeOnto(target: Json[], value: T, tail: TailWriter): Json[] {
    const names = this.#names;
    const encoders = this.#encoders;
    for (let index = 0; index < names.length; index += 1) {
      const item = value[names[index] as keyof T];
      const encode = encoders[index];
      target.push(encode === undefined ? (item as Json) : encode(item, tail));
    }
    return target;
  }

  decode(json: readonly Json[], tail: TailReader, start = 0): T {
    const names = this.#names;
    const decoders = this.#decoders;
    invariant(json.length === start + names.length, 'a stored value has other fields');
    const value: Partial<T> = {};
    for (let index = 0; index < names.length; index += 1) {
      const item = json[start + index] as Json;
      const decode = decoders[index];
      const decoded = decode === undefined ? (item as T[keyof T]) : decode(item, tail);
      if (decoded !== undefined) value[names[index] as keyof T] = decoded;
    }
    return value as T;
  }
}
