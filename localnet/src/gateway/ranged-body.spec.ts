import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../crypto/bytes.ts';
import { parseContentRange } from './byte-range.ts';
import type { CanisterHttpResponse } from './http-interface.ts';
import { rangedBody } from './ranged-body.ts';

const TEXT = utf8('the whole body of a file that comes in ranges');

function ranged(first: number, last: number, total = TEXT.length): CanisterHttpResponse {
  return {
    status: 206,
    headers: [['Content-Range', `bytes ${first}-${last}/${total}`]],
    body: TEXT.slice(first, last + 1),
    wantsUpdate: false,
    streaming: undefined,
  };
}

function collect(parts: Iterator<Uint8Array>): Uint8Array {
  const collected: Uint8Array[] = [];
  for (let step = parts.next(); step.done !== true; step = parts.next()) collected.push(step.value);
  return new Uint8Array(Buffer.concat(collected));
}

describe('rangedBody', () => {
  it('puts ranges of any length and overlap together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(10), (length, overlap) => {
        const asked: number[] = [];
        const body = rangedBody({
          first: ranged(0, Math.min(length, TEXT.length) - 1),
          next: (firstByte) => {
            asked.push(firstByte);
            const first = Math.max(0, firstByte - overlap);
            return ranged(first, Math.min(firstByte + length, TEXT.length) - 1);
          },
        });
        expect(body.total).toBe(TEXT.length);
        expect(collect(body.parts)).toEqual(TEXT);
        expect(asked).toHaveLength(Math.ceil((TEXT.length - length) / length));
      }),
    );
  });

  it.each([
    ['a range that does not begin at the start', ranged(1, 5)],
    ['no range', { ...ranged(0, 5), headers: [] }],
    ['a body of another length', { ...ranged(0, 5), body: TEXT }],
  ])('refuses %s', (_, first) => {
    expect(() => rangedBody({ first, next: () => first })).toThrow('do not fit together');
  });

  it.each([
    ['leaves a gap', ranged(7, 9)],
    ['repeats what was sent', ranged(0, 5)],
    ['changes the total', ranged(6, 9, TEXT.length + 1)],
  ])('ends the stream when a later range %s', (_, later) => {
    const { parts } = rangedBody({ first: ranged(0, 5), next: () => later });
    expect(() => collect(parts)).toThrow('do not fit together');
  });
});

describe('parseContentRange', () => {
  it.each(['', 'bytes', 'bytes 1-2', 'bytes 2-1/5', 'bytes 0-5/5', 'bytes */5', 'items 0-1/5'])(
    'refuses "%s"',
    (header) => expect(parseContentRange(header)).toBeUndefined(),
  );
});
