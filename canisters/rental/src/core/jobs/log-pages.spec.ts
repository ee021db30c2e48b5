import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptFrom, keptOf, PAGE_BYTES, pagesKept, pagesToDrop } from './log-pages.ts';

const KIB = 1_024;

describe('keptOf', () => {
  it('keeps everything up to 256 KiB', () => {
    for (const totalBytes of [0, 1, 64 * KIB, 256 * KIB]) {
      expect(keptOf(totalBytes).droppedBytes).toBe(0);
    }
  });

  it('keeps the first 64 KiB and the newest pages of a longer one, never more than 256 KiB', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256 * KIB + 1, max: 2 ** 40 }), (totalBytes) => {
        const { droppedBytes, droppedFrom, restFrom } = keptOf(totalBytes);
        expect(droppedFrom).toBe(64 * KIB);
        expect(restFrom).toBe(droppedFrom + droppedBytes);
        expect(totalBytes - droppedBytes).toBeLessThanOrEqual(256 * KIB);
        expect(totalBytes - restFrom).toBeGreaterThan(192 * KIB - PAGE_BYTES);
        expect(pagesKept(totalBytes)).toHaveLength(64);
      }),
    );
  });
});

describe('pagesToDrop', () => {
  it('drops exactly what is kept of the shorter and not of the longer log', () => {
    const grown = fc.tuple(fc.nat(600 * KIB), fc.nat(20 * KIB));
    fc.assert(
      fc.property(grown, ([fromBytes, moreBytes]) => {
        const toBytes = fromBytes + moreBytes;
        const later = new Set(pagesKept(toBytes));
        const gone = pagesKept(fromBytes).filter((page) => !later.has(page));
        expect(
          pagesToDrop({ fromBytes, toBytes }).filter((page) => page < fromBytes / PAGE_BYTES),
        ).toEqual(gone);
      }),
    );
  });
});

describe('keptFrom', () => {
  it('moves into the rest what points at a dropped byte, and nothing else', () => {
    const totalBytes = 400 * KIB;
    const { droppedFrom, restFrom } = keptOf(totalBytes);
    expect(keptFrom(droppedFrom - 1, totalBytes)).toBe(droppedFrom - 1);
    expect(keptFrom(droppedFrom, totalBytes)).toBe(restFrom);
    expect(keptFrom(restFrom - 1, totalBytes)).toBe(restFrom);
    expect(keptFrom(restFrom + 7, totalBytes)).toBe(restFrom + 7);
    expect(keptFrom(100 * KIB, 200 * KIB)).toBe(100 * KIB);
  });
});
