import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import type { JobId } from '../../core/ids.ts';
import { LogStore } from './log-store.ts';

const JOB = 7 as JobId;
const OTHER = 8 as JobId;
const KIB = 1_024;

/** Bytes whose value says where they are. */
function bytesFrom(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_byte, index) => ((offset + index) * 31) % 251);
}

function readAll(log: LogStore): { readonly pieces: number[]; readonly bytes: number[] } {
  const pieces: number[] = [];
  const bytes: number[] = [];
  for (let offset = 0; ;) {
    const piece = log.read(JOB, { offset, limit: 10_000 });
    if (piece.bytes.length === 0) return { pieces, bytes };
    pieces.push(piece.offset);
    bytes.push(...piece.bytes);
    offset = piece.offset + piece.bytes.length;
  }
}

describe('LogStore', () => {
  it('gives back what was told, whatever was told twice and however it was cut', () => {
    const told = fc.record({ back: fc.nat(6_000), length: fc.nat(16 * KIB) });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), (pieces) => {
        const store = new MemoryStableStore();
        let known = 0;
        for (const { back, length } of pieces) {
          const offset = Math.max(0, known - back);
          expect(
            new LogStore(store).append(JOB, { offset, bytes: bytesFrom(offset, length) }),
          ).toBe(true);
          known = Math.max(known, offset + length);
        }
        const log = new LogStore(store);
        const { totalBytes, droppedBytes, droppedFrom, restFrom } = log.kept(JOB);
        expect(totalBytes).toBe(known);
        const whole = [...bytesFrom(0, known)];
        const kept =
          droppedBytes === 0 ? whole : [...whole.slice(0, droppedFrom), ...whole.slice(restFrom)];
        expect(readAll(log).bytes).toEqual(kept);
        expect(store.size()).toBeLessThanOrEqual(65);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a piece that leaves a hole, and does nothing then', () => {
    const log = new LogStore(new MemoryStableStore());
    expect(log.append(JOB, { offset: 1, bytes: bytesFrom(1, 5) })).toBe(false);
    expect(log.length(JOB)).toBe(0);
  });

  it('forgets one log and leaves the others', () => {
    const store = new MemoryStableStore();
    const log = new LogStore(store);
    for (const job of [JOB, OTHER]) {
      for (let offset = 0; offset < 300 * KIB; offset += 10 * KIB) {
        log.append(job, { offset, bytes: bytesFrom(offset, 10 * KIB) });
      }
    }
    log.clear(JOB);
    expect(log.length(JOB)).toBe(0);
    expect(log.length(OTHER)).toBe(300 * KIB);
    log.clear(OTHER);
    expect(store.size()).toBe(0);
  });
});
