import { invariant } from '@decent-cloud/domain/assert.ts';
import type { KeyPart } from './key-codec.ts';

const END = 0x00;
const ESCAPE = 0x01;

/** Globals of every host this runs on; the compiler's library for canisters has no DOM. */
interface TextHost {
  readonly TextEncoder: new () => { readonly encode: (text: string) => Uint8Array };
  readonly TextDecoder: new () => { readonly decode: (bytes: Uint8Array) => string };
}

function textHost(): TextHost {
  return globalThis as unknown as TextHost;
}

/**
 * Text in the order of its code points, ended by 0x00. The bytes 0x00 and 0x01 are written as 01 01
 * and 01 02, so the end stays below any byte of a longer text. The text must be free of lone
 * surrogates, which Candid guarantees for everything that comes from outside.
 */
export const text: KeyPart<string> = {
  write(writer, value) {
    const { TextEncoder } = textHost();
    const bytes = new TextEncoder().encode(value);
    writer.append(bytes.includes(END) || bytes.includes(ESCAPE) ? escaped(bytes) : bytes);
    const at = writer.reserve(1);
    writer.bytes[at] = END;
  },
  read(reader) {
    const start = reader.at;
    const end = reader.bytes.indexOf(END, start);
    invariant(end >= 0, 'a stored text key has no end');
    reader.skip(end + 1 - start);
    const bytes = reader.bytes.subarray(start, end);
    const { TextDecoder } = textHost();
    return new TextDecoder().decode(bytes.includes(ESCAPE) ? unescaped(bytes) : bytes);
  },
};

function escaped(bytes: Uint8Array): Uint8Array {
  const target: number[] = [];
  for (const byte of bytes) {
    if (byte <= ESCAPE) target.push(ESCAPE, byte + 1);
    else target.push(byte);
  }
  return Uint8Array.from(target);
}

function unescaped(bytes: Uint8Array): Uint8Array {
  const target: number[] = [];
  let isEscaped = false;
  for (const byte of bytes) {
    if (!isEscaped && byte === ESCAPE) {
      isEscaped = true;
      continue;
    }
    target.push(isEscaped ? byte - 1 : byte);
    isEscaped = false;
  }
  return Uint8Array.from(target);
}
