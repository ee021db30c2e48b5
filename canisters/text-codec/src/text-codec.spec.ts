import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { TextDecoder, TextEncoder } from './index.ts';

const node = { TextDecoder: globalThis.TextDecoder, TextEncoder: globalThis.TextEncoder };

const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** Strings of any UTF-16 units: half of them lone surrogates and other trouble. */
const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0xd800, max: 0xdfff }),
        fc.constantFrom(0, 8, 12, 0x22, 0x5c, 0x7f, 0x80, 0x7ff, 0x800, 0xfeff, 0xfffd, 0xffff),
      ),
      { maxLength: 40 },
    )
    .map((units) => String.fromCharCode(...units)),
);

/** Byte sequences that are nearly UTF-8: every lead, continuation and out-of-range byte. */
const nearlyUtf8 = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0),
      fc.constantFrom(0xe1, 0xec, 0xed, 0xee, 0xef, 0xbb, 0xbf, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 24 },
  )
  .map((bytes) => Uint8Array.from(bytes));

function outcome(decode: () => string): string {
  try {
    return `text ${decode()}`;
  } catch (error) {
    return error instanceof TypeError ? 'TypeError' : 'another error';
  }
}

describe('TextEncoder', () => {
  const ours = new TextEncoder();
  const theirs = new node.TextEncoder();

  it('gives the same bytes as Node for 60 000 strings', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(Buffer.compare(ours.encode(text), theirs.encode(text))).toBe(0);
      }),
      { numRuns: 60_000 },
    );
  });

  it('gives the same bytes as Node for every UTF-16 unit', () => {
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const text = `a${String.fromCharCode(unit)}b`;
      if (Buffer.compare(ours.encode(text), theirs.encode(text)) !== 0) {
        expect.fail(`unit ${unit.toString(16)}`);
      }
    }
  });

  it('fills a target with the same whole code points as Node', () => {
    fc.assert(
      fc.property(anyString, fc.nat({ max: 60 }), (text, size) => {
        const [mine, other] = [new Uint8Array(size), new Uint8Array(size)];
        const { read, written } = theirs.encodeInto(text, other);
        expect(ours.encodeInto(text, mine)).toEqual({ read, written });
        expect(mine.subarray(0, written)).toEqual(other.subarray(0, written));
      }),
      { numRuns: 10_000 },
    );
  });

  it('encodes nothing as nothing', () => {
    expect(ours.encode()).toEqual(new Uint8Array(0));
    expect(ours.encoding).toBe('utf-8');
  });
});

describe('TextDecoder', () => {
  it('gives the same text as Node for 60 000 byte sequences, valid or not', () => {
    fc.assert(
      fc.property(nearlyUtf8, fc.boolean(), fc.boolean(), (bytes, fatal, ignoreBOM) => {
        const options = { fatal, ignoreBOM };
        const mine = outcome(() => new TextDecoder('utf-8', options).decode(bytes));
        expect(mine).toBe(outcome(() => new node.TextDecoder('utf-8', options).decode(bytes)));
      }),
      { numRuns: 60_000 },
    );
  });

  it('reads back what any string was encoded to', () => {
    const encoder = new TextEncoder();
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    fc.assert(
      fc.property(anyString, (text) => {
        const wellFormed = text.replace(LONE_SURROGATE, '\ufffd');
        expect(decoder.decode(encoder.encode(text))).toBe(wellFormed);
      }),
      { numRuns: 20_000 },
    );
  });

  it('replaces each maximal part of a broken sequence once', () => {
    const cases: [number[], string][] = [
      [[0xe0, 0x80, 0x80], '\ufffd\ufffd\ufffd'],
      [[0xf0, 0x90, 0x80], '\ufffd'],
      [[0xf0, 0x90, 0x80, 0x41], '\ufffdA'],
      [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
      [[0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
      [[0xc2], '\ufffd'],
      [[0xc0, 0xaf], '\ufffd\ufffd'],
    ];
    for (const [bytes, text] of cases) {
      expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(text);
    }
  });

  it('decodes across the borders of its chunks', () => {
    const encoder = new TextEncoder();
    for (const size of [8_190, 8_191, 8_192, 8_193, 16_384, 70_000]) {
      const text = `${'x'.repeat(size)}é😀${'y'.repeat(size)}\ud83d\ude00`;
      expect(new TextDecoder().decode(encoder.encode(text))).toBe(text);
    }
  });

  it('gives the same text as Node when the bytes come in chunks', () => {
    const chunks = fc.array(nearlyUtf8, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(chunks, fc.boolean(), (parts, ignoreBOM) => {
        const mine = new TextDecoder('utf-8', { ignoreBOM });
        const other = new node.TextDecoder('utf-8', { ignoreBOM });
        for (const part of parts) {
          expect(mine.decode(part, { stream: true })).toBe(other.decode(part, { stream: true }));
        }
        expect(mine.decode()).toBe(other.decode());
        const again = Uint8Array.of(0xef, 0xbb, 0xbf, 0x41);
        expect(mine.decode(again)).toBe(other.decode(again));
      }),
      { numRuns: 20_000 },
    );
  });

  it('starts afresh after a fatal error', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    expect(() => decoder.decode(Uint8Array.of(0xc2, 0x41), { stream: true })).toThrow(TypeError);
    expect(decoder.decode(Uint8Array.of(0x41))).toBe('A');
  });

  it('takes buffers and views of any type', () => {
    const { buffer } = Uint8Array.of(0x41, 0x42, 0x43, 0x44);
    expect(new TextDecoder().decode(buffer)).toBe('ABCD');
    expect(new TextDecoder().decode(new DataView(buffer, 1, 2))).toBe('BC');
    expect(new TextDecoder().decode(new Uint16Array(buffer, 2, 1))).toBe('CD');
    expect(new TextDecoder().decode()).toBe('');
  });

  it('takes every name of UTF-8 and refuses other encodings', () => {
    expect(new TextDecoder(' UTF8\n').encoding).toBe('utf-8');
    expect(() => new TextDecoder('utf-16le')).toThrow(RangeError);
    expect(() => new TextDecoder('latin1')).toThrow(RangeError);
  });
});
