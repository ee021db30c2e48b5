import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeUint } from '../keys/integer-keys.ts';
import { MemoryStableStore } from '../testing/memory-stable-store.fake.ts';
import { text } from '../values/field.ts';
import { valueCodec } from '../values/value-codec.ts';
import { PackedList } from './packed-list.ts';

interface Item {
  readonly name: string;
}
const value = valueCodec<Item>({ version: 1, fields: { name: text } });
const open = (store: MemoryStableStore) =>
  new PackedList<number, Item>({ store, parent: safeUint, value });

describe('PackedList', () => {
  it('gives what a plain list for each parent gives, across restarts', () => {
    const appended = fc.record({ parent: fc.nat(2), name: fc.string(), isRestart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(appended, { minLength: 1, maxLength: 120 }), (steps) => {
        const store = new MemoryStableStore();
        const model = new Map<number, Item[]>();
        let list = open(store);
        for (const { parent, name, isRestart } of steps) {
          if (isRestart) list = open(store);
          const rows = model.get(parent) ?? [];
          model.set(parent, rows);
          expect(list.append(parent, { name })).toBe(rows.length);
          rows.push({ name });
        }
        list = open(store);
        for (const parent of [0, 1, 2]) {
          const rows = model.get(parent) ?? [];
          expect(list.length(parent)).toBe(rows.length);
          expect(rows.map((_row, seq) => list.get(parent, seq))).toEqual(rows);
          const page = list.page(parent, { order: 'oldest-first', limit: 200 });
          expect(page.rows.map((row) => row.value)).toEqual(rows);
          for (const seq of [rows.length, -1, 0.5]) expect(list.get(parent, seq)).toBeUndefined();
        }
      }),
    );
  });

  it('pages from both ends across blocks, with where the next page starts', () => {
    const list = open(new MemoryStableStore());
    for (let seq = 0; seq < 40; seq += 1) list.append(7, { name: String(seq) });
    const newest = list.page(7, { order: 'newest-first', limit: 20 });
    expect(newest.rows.map(({ seq }) => seq)).toEqual([...Array(20).keys()].map((at) => 39 - at));
    expect(newest.rows.map((row) => row.value.name)).toEqual(
      newest.rows.map((row) => String(row.seq)),
    );
    expect(newest.next).toBe(19);
    const rest = list.page(7, { order: 'newest-first', from: 19, limit: 20 });
    expect(rest.rows.at(-1)).toEqual({ seq: 0, value: { name: '0' } });
    expect(rest.next).toBeUndefined();
  });

  it('writes once for a row, and once more for each sixteenth', () => {
    const store = new MemoryStableStore();
    const list = open(store);
    for (let seq = 0; seq < 32; seq += 1) list.append(7, { name: 'row' });
    expect(store.writes).toBe(34);
    expect(store.size()).toBe(3);
  });

  it('forgets one list and leaves the others', () => {
    const store = new MemoryStableStore();
    const list = open(store);
    for (const parent of [7, 8]) {
      for (let seq = 0; seq < 37; seq += 1) list.append(parent, { name: String(seq) });
    }
    list.clear(7);
    expect(list.length(7)).toBe(0);
    expect(list.get(7, 3)).toBeUndefined();
    expect(list.append(7, { name: 'anew' })).toBe(0);
    expect(open(store).get(7, 0)).toEqual({ name: 'anew' });
    expect(list.get(8, 36)).toEqual({ name: '36' });
    for (const parent of [7, 8, 9]) list.clear(parent);
    expect(store.size()).toBe(0);
  });

  it('refuses a row that is no small one', () => {
    const list = open(new MemoryStableStore());
    expect(() => list.append(7, { name: 'x'.repeat(70_000) })).toThrow('too long');
    expect(list.length(7)).toBe(0);
  });
});
