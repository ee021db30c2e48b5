import { isUtf8 } from 'node:buffer';
import { decode, encode, Tokenizer, Type, type DecodeOptions, type Token } from 'cborg';
import { concatBytes } from '@noble/hashes/utils.js';

/** Tag 55799, "this is CBOR": the IC puts it before every document. */
const SELF_DESCRIBE = Uint8Array.of(0xd9, 0xd9, 0xf7);

/** Deeper than any request, certificate or signature; far from the stack's end. */
const MAX_DEPTH = 100;

/** What can be written. Map fields that are `undefined` are left out. */
export type CborInput =
  | string
  | number
  | bigint
  | Uint8Array
  | readonly CborInput[]
  | { readonly [field: string]: CborInput | undefined };

/** The input is not one well-formed CBOR document within the limits. */
export class CborError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CborError';
  }
}

/** Encodes with the self-describing tag in front. */
export function encodeCbor(value: CborInput): Uint8Array {
  return concatBytes(SELF_DESCRIBE, encode(value, { ignoreUndefinedProperties: true }));
}

/**
 * Decodes exactly one document, with or without the self-describing tag. Maps come as `Map`, nats
 * as number or bigint, blobs as arrays that own their memory.
 *
 * Errors: `CborError` on trailing bytes, duplicate keys, other tags, floats, `undefined`, invalid
 * UTF-8 and nesting beyond 100 levels.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  const body = isSelfDescribed(bytes) ? bytes.subarray(SELF_DESCRIBE.length) : bytes;
  const data = new Uint8Array(body.buffer, body.byteOffset, body.length);
  const options: DecodeOptions = {
    allowBigInt: true,
    allowIndefinite: true,
    allowUndefined: false,
    rejectDuplicateMapKeys: true,
    retainStringBytes: true,
    useMaps: true,
  };
  try {
    const value: unknown = decode(data, {
      ...options,
      tokenizer: new StrictTokenizer(data, options),
    });
    return value;
  } catch (error) {
    if (error instanceof CborError) throw error;
    throw new CborError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isSelfDescribed(bytes: Uint8Array): boolean {
  return SELF_DESCRIBE.every((byte, index) => bytes[index] === byte);
}

/** A collection being read: how many items are still to come. */
interface OpenCollection {
  remaining: number;
  readonly isIndefiniteMap: boolean;
  /** Items read so far, for the key-value parity of an indefinite map. */
  read: number;
}

/** Adds the checks that the library leaves out: depth, UTF-8, floats and misplaced breaks. */
class StrictTokenizer extends Tokenizer {
  readonly #open: OpenCollection[] = [];

  override next(): Token {
    const token = super.next();
    if (Type.equals(token.type, Type.float)) throw new CborError('floats are not supported');
    if (Type.equals(token.type, Type.string)) assertUtf8(token);
    if (Type.equals(token.type, Type.break)) this.#close();
    else this.#count(token);
    return token;
  }

  #close(): void {
    const top = this.#open.pop();
    if (top === undefined || top.remaining !== Infinity) throw new CborError('unexpected break');
    if (top.isIndefiniteMap && top.read % 2 !== 0) throw new CborError('map key without a value');
    this.#closeFinished();
  }

  #count(token: Token): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.remaining -= 1;
      parent.read += 1;
    }
    const isMap = Type.equals(token.type, Type.map);
    if (isMap || Type.equals(token.type, Type.array)) this.#push(token.value, isMap);
    this.#closeFinished();
  }

  #push(length: unknown, isMap: boolean): void {
    if (typeof length !== 'number') throw new CborError('collection length out of range');
    if (this.#open.length >= MAX_DEPTH) {
      throw new CborError(`nesting deeper than ${MAX_DEPTH} levels`);
    }
    this.#open.push({
      remaining: isMap ? length * 2 : length,
      isIndefiniteMap: isMap && length === Infinity,
      read: 0,
    });
  }

  #closeFinished(): void {
    while (this.#open.at(-1)?.remaining === 0) this.#open.pop();
  }
}

function assertUtf8(token: Token): void {
  if (token.byteValue !== undefined && !isUtf8(token.byteValue)) {
    throw new CborError('text is not valid UTF-8');
  }
}
