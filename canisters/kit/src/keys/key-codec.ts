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

/** The values that a tuple of parts holds. */
export type PartValues<Parts extends readonly unknown[]> = {
  readonly [Index in keyof Parts]: Parts[Index] extends KeyPart<infer T> ? T : never;
};

/** Parts one after another: ordered by the first, then the second, and so on. */
export function composite<const Parts extends readonly KeyPart<never>[]>(
  ...parts: Parts
): KeyPart<PartValues<Parts>> {
  return {
    write(target, values) {
      for (const [index, part] of parts.entries()) part.write(target, values[index] as never);
    },
    read: (reader) => parts.map((part) => part.read(reader) as unknown) as PartValues<Parts>,
  };
}
