import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uint8 } from '../keys/integer-keys.ts';
import { MemoryStableStore } from '../testing/memory-stable-store.fake.ts';
import { Fifo } from './fifo.ts';

const anyStep = fc.record({
  verb: fc.constantFrom('push', 'shift'),
  parent: fc.nat(2),
  id: fc.nat(),
});

describe('Fifo', () => {
  it('gives back what was put in, in that order, for each parent', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
        const store = new MemoryStableStore();
        const fifo = new Fifo<number, number>({ store, parent: uint8 });
        const model = [0, 1, 2].map((): number[] => []);
        for (const { verb, parent, id } of steps) {
          const ids = model[parent] ?? [];
          if (verb === 'shift') {
            expect(fifo.shift(parent)).toBe(ids.shift());
          } else {
            fifo.push(parent, id);
            ids.push(id);
          }
          expect(fifo.size(parent)).toBe(ids.length);
        }
        const rows = model.reduce((sum, ids) => sum + ids.length + Math.min(1, ids.length), 0);
        expect(store.size()).toBe(rows);
      }),
    );
  });
});
