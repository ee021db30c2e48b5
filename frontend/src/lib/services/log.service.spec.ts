import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  droppedBytes,
  isCaughtUp,
  logFile,
  NO_LOG,
  readableText,
  withPiece,
  type KnownLog,
} from './log.service.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const piece = (offset: number, text: string, totalBytes = offset + text.length) => ({
  offset,
  bytes: bytes(text),
  totalBytes,
});
const textOf = (log: KnownLog): string =>
  log.parts.map((part) => (part.kind === 'bytes' ? readableText(part.bytes) : '[…]')).join('');

describe('withPiece', () => {
  it('puts pieces together and knows where to read on', () => {
    const log = withPiece(withPiece(NO_LOG, piece(0, 'abc', 6)), piece(3, 'def', 6));
    expect(textOf(log)).toBe('abcdef');
    expect(log.parts).toHaveLength(1);
    expect([log.nextOffset, isCaughtUp(log)]).toEqual([6, true]);
  });

  it('skips what is known already', () => {
    const log = withPiece(withPiece(NO_LOG, piece(0, 'abc')), piece(1, 'bcde'));
    expect(textOf(log)).toBe('abcde');
    expect(textOf(withPiece(log, piece(0, 'abc', 5)))).toBe('abcde');
  });

  it('notes a hole where bytes are gone', () => {
    const log = withPiece(withPiece(NO_LOG, piece(0, 'abc', 20)), piece(10, 'xyz', 20));
    expect(textOf(log)).toBe('abc[…]xyz');
    expect([droppedBytes(log), log.nextOffset, isCaughtUp(log)]).toEqual([7, 13, false]);
    expect(logFile(log)[1]).toContain('7 bytes are gone');
  });

  it('gives the same text however the log is cut into pieces, repeated ones too', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
        cuts,
        (text, at) => {
          const all = bytes(text);
          let log = NO_LOG;
          for (const cut of [...at, all.length]) {
            const from = Math.min(cut, log.nextOffset);
            const read = { offset: from, bytes: all.slice(from, cut), totalBytes: all.length };
            log = withPiece(log, read);
          }
          const [part] = log.parts;
          expect(part?.kind === 'bytes' ? part.bytes : undefined).toEqual(all);
          expect(isCaughtUp(log)).toBe(true);
        },
      ),
    );
  });
});

describe('readableText', () => {
  it('leaves out colours, and of a redrawn line all but the last', () => {
    expect(readableText(bytes('\u001b[1;32mok\u001b[0m\r\n'))).toBe('ok\n');
    expect(readableText(bytes(' 10%\r 50%\r100%\ndone'))).toBe('100%\ndone');
  });

  it('reads UTF-8, and marks what is none', () => {
    expect(readableText(bytes('größe →'))).toBe('größe →');
    expect(readableText(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
  });
});
