import { Principal } from '@dfinity/principal';

const MAX_U64 = 0xffff_ffff_ffff_ffffn;
const MAX_PRINCIPAL_BYTES = 29;

/** A field is missing or not of the type it should have. */
export class RecordError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RecordError';
  }
}

/**
 * Typed access to a decoded CBOR map. Unknown fields are ignored, as the IC does, so that clients
 * newer than this may add some. Every accessor throws `RecordError`.
 */
export class CborRecord {
  readonly #fields: ReadonlyMap<unknown, unknown>;
  readonly #name: string;

  constructor(value: unknown, name: string) {
    if (!(value instanceof Map)) throw new RecordError(`${name} is not a map`);
    this.#fields = value;
    this.#name = name;
  }

  text(field: string): string {
    const value = this.#required(field);
    if (typeof value !== 'string') throw this.#mistyped(field, 'a text');
    return value;
  }

  blob(field: string): Uint8Array {
    return this.#asBlob(field, this.#required(field));
  }

  /** A natural number below 2^64. */
  nat64(field: string): bigint {
    const value = this.#required(field);
    const isNumber = typeof value === 'bigint' || Number.isSafeInteger(value);
    const nat = isNumber ? BigInt(value as bigint | number) : -1n;
    if (nat < 0n || nat > MAX_U64) throw this.#mistyped(field, 'a 64-bit natural number');
    return nat;
  }

  principal(field: string): Principal {
    const bytes = this.blob(field);
    if (bytes.length > MAX_PRINCIPAL_BYTES) throw this.#mistyped(field, 'a principal');
    return Principal.fromUint8Array(bytes);
  }

  record(field: string): CborRecord {
    return new CborRecord(this.#required(field), field);
  }

  list(field: string): readonly unknown[] {
    const value = this.#required(field);
    if (!Array.isArray(value)) throw this.#mistyped(field, 'an array');
    return value;
  }

  blobs(field: string): Uint8Array[] {
    return this.list(field).map((value) => this.#asBlob(field, value));
  }

  /** `read(this)` if the field is there; a CBOR null counts as left out. */
  optional<T>(field: string, read: (record: this) => T): T | undefined {
    const value = this.#fields.get(field);
    return value === undefined || value === null ? undefined : read(this);
  }

  #required(field: string): unknown {
    const value = this.#fields.get(field);
    if (value === undefined) throw new RecordError(`${this.#name}: missing field \`${field}\``);
    return value;
  }

  #asBlob(field: string, value: unknown): Uint8Array {
    if (!(value instanceof Uint8Array)) throw this.#mistyped(field, 'a blob');
    return value;
  }

  #mistyped(field: string, expected: string): RecordError {
    return new RecordError(`${this.#name}: field \`${field}\` is not ${expected}`);
  }
}
