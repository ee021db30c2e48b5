import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { IdSet } from './id-set.ts';

describe('IdSet', () => {
  it('holds what was added and nothing else, across an upgrade', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000)), (added) => {
        const store = new MemoryStableStore();
        const set = new IdSet(store);
        for (const id of added) set.add(id);
        const reopened = new IdSet(store);
        const model = new Set(added);
        const asked = [...added.flatMap((id) => [id - 1, id, id + 1, id + 8]), 0, 4_095, 4_096];
        for (const id of asked.filter((one) => one >= 0)) {
          expect(reopened.has(id)).toBe(model.has(id));
        }
      }),
    );
  });

  it('takes one row for thousands of ids', () => {
    const store = new MemoryStableStore();
    const set = new IdSet(store);
    for (let id = 0; id < 4_096; id += 1) set.add(id);
    expect(store.size()).toBe(1);
  });
});
