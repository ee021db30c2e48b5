import { KeyReader, KeyWriter } from './key-bytes.ts';

/**
 * One part of a key. Its bytes compare like its values and show where they end, so that parts can
 * be put one after another.
 */
export interface KeyPart<T> {
  readonly write: (writer: KeyWriter, value: T) => void;
  readonly read: (reader: KeyReader) => T;
}

/** Values to bytes whose order is the order of the values. */
export interface KeyCodec<T> {
  readonly encode: (value: T) => Uint8Array;
  /** Throws on bytes that `encode` never gives. */
  readonly decode: (bytes: Uint8Array) => T;
}

const writer = new KeyWriter();

/** A codec for keys of one part. */
export function keyCodec<T>(part: KeyPart<T>): KeyCodec<T> {
  return {
    encode(value) {
      writer.length = 0;
      part.write(writer, value);
      return writer.finish();
    },
    decode(bytes) {
      const reader = new KeyReader(bytes);
      const value = part.read(reader);
      reader.finish();
      return value;
    },
  };
}

/** Parts one after another: ordered by the first, then the second, and so on. */
export function composite<const Values extends readonly unknown[]>(
  ...parts: { readonly [Index in keyof Values]: KeyPart<Values[Index]> }
): KeyPart<Values> {
  const all: readonly KeyPart<unknown>[] = parts;
  return {
    write(target, values) {
      for (let index = 0; index < all.length; index += 1) all[index]?.write(target, values[index]);
    },
    read: (reader) => all.map((part) => part.read(reader)) as unknown as Values,
  };
}
