import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, nextOfLog, PIECE_BYTES, TAIL_BYTES, toldLength } from './recipe-log.ts';

/** Every byte says where it is. */
const printedAt = (at: number): number => (at * 7 + (at >> 8)) % 251;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => printedAt(from + index));
}

/** The rule itself. */
function wholeLog(endBytes: number): Buffer {
  const skipped = endBytes - HEAD_BYTES - TAIL_BYTES;
  if (skipped <= 0) return Buffer.from(range(0, endBytes));
  return Buffer.concat([
    Buffer.from(range(0, HEAD_BYTES)),
    Buffer.from(`\n[… ${skipped} bytes left out …]\n`),
    Buffer.from(range(endBytes - TAIL_BYTES, endBytes)),
  ]);
}

interface Moment {
  /** Bytes that are printed more until then. */
  readonly growth: number;
  /** How many pieces somebody tells before the next moment. */
  readonly pieces: number;
  /** Of the last piece somebody got that far only. */
  readonly keptShare: number;
}

/** Told by a row of workers, each of which goes on at the offset that was taken in last. */
function toldBy(moments: readonly Moment[], endBytes: number): Buffer {
  let told: number[] = [];
  let printed = 0;
  const tell = (isOver: boolean, pieces: number, keptShare: number): boolean => {
    for (let count = 0; count < pieces; count += 1) {
      const need = nextOfLog({
        toldBytes: told.length,
        endBytes: isOver ? endBytes : undefined,
      });
      if (need.kind === 'wait' || need.kind === 'complete') return true;
      const piece =
        need.kind === 'notice'
          ? [...need.bytes]
          : range(need.from, Math.max(need.from, Math.min(need.to, printed)));
      expect(piece.length).toBeLessThanOrEqual(PIECE_BYTES);
      const isLast = count === pieces - 1;
      const kept = isLast ? Math.ceil(piece.length * keptShare) : piece.length;
      told = told.concat(piece.slice(0, kept));
      if (piece.length === 0) return false;
    }
    return false;
  };
  for (const { growth, pieces, keptShare } of moments) {
    printed = Math.min(endBytes, printed + growth);
    tell(false, pieces, keptShare);
  }
  printed = endBytes;
  expect(tell(true, 1_000, 1)).toBe(true);
  return Buffer.from(told);
}

describe('the told log', () => {
  it.each([
    0,
    1,
    HEAD_BYTES,
    HEAD_BYTES + TAIL_BYTES,
    HEAD_BYTES + TAIL_BYTES + 1,
    10 * 1_024 * 1_024,
  ])('of %d printed bytes is as long as it should be', (endBytes) => {
    expect(toldLength(endBytes)).toBe(wholeLog(endBytes).length);
    expect(toldBy([], endBytes).equals(wholeLog(endBytes))).toBe(true);
  });

  it('is the same however often and wherever its telling is broken off', () => {
    const moment = fc.record({
      growth: fc.oneof(fc.nat(400), fc.nat(120_000)),
      pieces: fc.nat(12),
      keptShare: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(moment, { maxLength: 8 }),
        fc.oneof(
          fc.nat(2_000),
          fc.integer({ min: HEAD_BYTES - 10, max: HEAD_BYTES + TAIL_BYTES + 300 }),
          fc.nat(1_000_000),
        ),
        (moments, endBytes) => {
          expect(toldBy(moments, endBytes).equals(wholeLog(endBytes))).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });
});
