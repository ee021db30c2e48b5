import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeUint } from '../keys/integer-keys.ts';
import { MemoryStableStore } from '../testing/memory-stable-store.fake.ts';
import { LinkedList } from './linked-list.ts';

function newList() {
  const store = new MemoryStableStore();
  return { store, list: new LinkedList<number, number>({ store, parent: safeUint }) };
}

function all(list: LinkedList<number, number>, parent: number, limit = 3): number[] {
  const ids: number[] = [];
  let from: number | undefined;
  do {
    const page = list.page(parent, { from, limit });
    if (page === undefined) throw new Error('a page without its first id');
    ids.push(...page.ids);
    from = page.next;
  } while (from !== undefined);
  return ids;
}

const anyStep = fc.record({
  verb: fc.constantFrom('add', 'remove'),
  parent: fc.nat(2),
  id: fc.nat(9),
});

describe('LinkedList', () => {
  it('holds for each parent what was added and not removed, the newest first', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
        const { store, list } = newList();
        const model = [0, 1, 2].map((): number[] => []);
        for (const { verb, parent, id } of steps) {
          const ids = model[parent] ?? [];
          const isIn = ids.includes(id);
          if (verb === 'remove') {
            expect(list.remove(parent, id)).toBe(isIn);
            if (isIn) ids.splice(ids.indexOf(id), 1);
          } else {
            list.add(parent, id);
            if (!isIn) ids.unshift(id);
          }
        }
        const openedAnew = new LinkedList<number, number>({ store, parent: safeUint });
        for (const [parent, ids] of model.entries()) {
          expect(all(list, parent)).toEqual(ids);
          expect(all(openedAnew, parent)).toEqual(ids);
          expect(list.count(parent)).toBe(ids.length);
          expect(list.oldest(parent)).toBe(ids.at(-1));
        }
        const rows = model.reduce((sum, ids) => sum + ids.length + Math.min(1, ids.length), 0);
        expect(store.size()).toBe(rows);
      }),
    );
  });

  it('says when a page begins at something that is gone', () => {
    const { list } = newList();
    list.add(1, 5);
    expect(list.page(1, { from: 6, limit: 2 })).toBeUndefined();
    expect(list.page(1, { from: 5, limit: 2 })).toEqual({ ids: [5], next: undefined });
    expect(list.page(2, { from: undefined, limit: 2 })).toEqual({ ids: [], next: undefined });
  });

  it('asks for the same number of rows however long the list is', () => {
    const { store, list } = newList();
    const costOf = (work: () => void) => {
      const before = store.reads + store.writes;
      work();
      return store.reads + store.writes - before;
    };
    for (let id = 0; id < 10; id += 1) list.add(1, id);
    const few = costOf(() => list.page(1, { from: undefined, limit: 5 }));
    const addFew = costOf(() => list.add(1, 10));
    const removeFew = costOf(() => list.remove(1, 5));
    for (let id = 11; id < 2_000; id += 1) list.add(1, id);
    expect(costOf(() => list.page(1, { from: undefined, limit: 5 }))).toBe(few);
    expect(costOf(() => list.add(1, 2_000))).toBe(addFew);
    expect(costOf(() => list.remove(1, 1_000))).toBe(removeFew);
  });

  it('reads what it wrote lately from the heap', () => {
    const { store, list } = newList();
    list.add(1, 5);
    list.add(1, 6);
    const before = store.reads;
    expect(all(list, 1)).toEqual([6, 5]);
    list.remove(1, 5);
    expect(list.has(1, 5)).toBe(false);
    expect(store.reads).toBe(before);
  });

  it('keeps ids beyond 32 bits', () => {
    const { list } = newList();
    const big = 2 ** 40 + 7;
    list.add(1, big);
    list.add(1, big + 1);
    expect(all(list, 1)).toEqual([big + 1, big]);
  });
});
