import { invariant } from '@decent-cloud/domain/assert.ts';
import { decodeText, encodeText } from '../text-host.ts';
import type { KeyPart } from './key-codec.ts';

const END = 0x00;
const ESCAPE = 0x01;

/**
 * Text in the order of its code points, ended by 0x00. The bytes 0x00 and 0x01 are written as 01 01
 * and 01 02, so the end stays below any byte of a longer text. The text must be free of lone
 * surrogates, which Candid guarantees for everything that comes from outside.
 */
export const text: KeyPart<string> = {
  write(writer, value) {
    const bytes = encodeText(value);
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
    return decodeText(bytes.includes(ESCAPE) ? unescaped(bytes) : bytes);
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
