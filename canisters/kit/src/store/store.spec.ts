import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { safeUint } from '../keys/integer-keys.ts';
import { keyCodec } from '../keys/key-codec.ts';
import { text as textKey } from '../keys/text-key.ts';
import { MemoryStableStore } from '../testing/memory-stable-store.fake.ts';
import { number, text, union } from '../values/field.ts';
import { valueCodec } from '../values/value-codec.ts';
import { DenseList } from './dense-list.ts';
import { IdAllocator } from './id-allocator.ts';
import { Journal } from './journal.ts';
import { checkMemoryTable, type MemoryTable } from './memory-table.ts';
import { StableMap } from './stable-map.ts';

interface Item {
  readonly name: string;
}
const value = valueCodec<Item>({ version: 1, fields: { name: text } });

describe('StableMap', () => {
  const command = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key: fc.nat(12), name: fc.string() }),
    fc.record({ do: fc.constantFrom('get' as const, 'remove' as const), key: fc.nat(12) }),
  );

  it('does what a plain map does, with any size of cache, and survives an upgrade', () => {
    fc.assert(
      fc.property(fc.array(command), fc.nat(4), fc.boolean(), (commands, size, isText) => {
        const store = new MemoryStableStore();
        const open = () => ({
          byNumber: new StableMap({ store, key: keyCodec(safeUint), value, cachedValues: size }),
          byText: new StableMap({ store, key: keyCodec(textKey), value, cachedValues: size }),
        });
        const model = new Map<number, Item>();
        let maps = open();
        for (const [index, step] of commands.entries()) {
          const map = isText
            ? bind(maps.byText, step.key.toString())
            : bind(maps.byNumber, step.key);
          if (step.do === 'set') {
            map.set({ name: step.name });
            model.set(step.key, { name: step.name });
          } else if (step.do === 'remove') {
            expect(map.remove()).toBe(model.delete(step.key));
          }
          expect(map.get()).toEqual(model.get(step.key));
          expect(map.has()).toBe(model.has(step.key));
          if (index % 7 === 6) maps = open();
        }
        expect(maps.byNumber.size()).toBe(model.size);
      }),
    );
  });

  it('reads a cached value without touching stable memory, and writes through', () => {
    const store = new MemoryStableStore();
    const map = new StableMap({ store, key: keyCodec(safeUint), value, cachedValues: 2 });
    for (const key of [1, 2, 3]) map.set(key, { name: `${key}` });
    expect([store.writes, store.reads]).toEqual([3, 0]);
    expect(map.get(3)).toEqual({ name: '3' });
    expect(store.reads).toBe(0);
    expect(map.get(1)).toEqual({ name: '1' });
    expect(map.get(1)).toEqual({ name: '1' });
    expect(store.reads).toBe(1);
  });

  function bind<K>(map: StableMap<K, Item>, key: K) {
    return {
      get: () => map.get(key),
      has: () => map.has(key),
      remove: () => map.remove(key),
      set: (item: Item) => map.set(key, item),
    };
  }
});

describe('DenseList', () => {
  function newList() {
    const store = new MemoryStableStore();
    return { store, list: new DenseList({ store, parent: safeUint, value }) };
  }

  it('numbers the rows of each parent from 0 and keeps parents apart', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (parents) => {
        const { store, list } = newList();
        const lengths = new Map<number, number>();
        for (const parent of parents) {
          const seq = lengths.get(parent) ?? 0;
          expect(list.append(parent, { name: `${parent}.${seq}` })).toBe(seq);
          lengths.set(parent, seq + 1);
        }
        const reopened = new DenseList({ store, parent: safeUint, value });
        for (const [parent, length] of lengths) {
          expect(reopened.length(parent)).toBe(length);
          expect(reopened.get(parent, length - 1)).toEqual({ name: `${parent}.${length - 1}` });
          expect(reopened.get(parent, length)).toBeUndefined();
        }
      }),
    );
  });

  it('gives every row exactly once when paged to the end, in both directions', () => {
    const orders = fc.constantFrom('oldest-first' as const, 'newest-first' as const);
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 8 }), orders, (length, limit, order) => {
        const { list } = newList();
        for (let seq = 0; seq < length; seq += 1) list.append(7, { name: `${seq}` });
        const seen: number[] = [];
        let from: number | undefined;
        do {
          const page = list.page(7, { order, limit, from });
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          for (const row of page.rows) {
            expect(row.value).toEqual({ name: `${row.seq}` });
            seen.push(row.seq);
          }
          from = page.next;
        } while (from !== undefined);
        const all = Array.from({ length }, (_, seq) => seq);
        expect(seen).toEqual(order === 'oldest-first' ? all : all.reverse());
      }),
    );
  });

  it('gives no rows for a start beyond the list', () => {
    const { list } = newList();
    list.append(1, { name: 'only' });
    for (const from of [1, 99, -1]) {
      const page = list.page(1, { order: 'oldest-first', limit: 5, from });
      expect(page).toEqual({ rows: [], next: undefined });
    }
  });

  it('replaces an existing row and refuses to make one', () => {
    const { list } = newList();
    list.append(1, { name: 'old' });
    list.replace(1, { seq: 0, value: { name: 'new' } });
    expect(list.get(1, 0)).toEqual({ name: 'new' });
    expect(() => list.replace(1, { seq: 1, value: { name: 'x' } })).toThrow('no row 1');
  });

  it('does not show its length as a row', () => {
    const { list } = newList();
    list.append(1, { name: 'a' });
    expect(list.get(1, 2 ** 32 - 1)).toBeUndefined();
    expect(list.get(1, 0.5)).toBeUndefined();
  });
});

describe('Journal', () => {
  type Event = { readonly kind: 'grew'; readonly by: number } | { readonly kind: 'reset' };
  const event = union<Event>({ grew: { by: number }, reset: {} });

  it.each([
    ['alone', undefined],
    ['with its newest entries elsewhere', new MemoryStableStore()],
  ])('keeps entries in order across a restart, %s', (_name, tail) => {
    const store = new MemoryStableStore();
    const options = { store, version: 1, event, ...(tail === undefined ? {} : { tail }) };
    const journal = new Journal<Event>(options);
    expect(journal.append({ at: timestampNs(5n), event: { kind: 'grew', by: 2 } })).toBe(0);
    expect(journal.append({ at: timestampNs(6n), event: { kind: 'reset' } })).toBe(1);
    const reopened = new Journal<Event>(options);
    expect(reopened.length()).toBe(2);
    expect(reopened.get(0)).toEqual({ at: 5n, event: { kind: 'grew', by: 2 } });
    const page = reopened.page({ order: 'newest-first', limit: 1 });
    expect(page).toEqual({ rows: [{ seq: 1, value: reopened.get(1) }], next: 0 });
  });
});

describe('Journal with its newest entries elsewhere', () => {
  it('shares that store with counters and writes once for an entry', () => {
    const [store, tail] = [new MemoryStableStore(), new MemoryStableStore()];
    const event = union<{ readonly kind: 'grew'; readonly by: number }>({ grew: { by: number } });
    const journal = new Journal({ store, tail, version: 1, event });
    const ids = new IdAllocator<RentalId>({ store: tail, counter: 0 });
    for (let by = 0; by < 40; by += 1) {
      expect(journal.append({ at: timestampNs(1n), event: { kind: 'grew', by } })).toBe(by);
      expect(ids.next()).toBe(by);
    }
    expect(store.writes).toBe(2);
    expect(tail.writes).toBe(80);
    const page = journal.page({ order: 'oldest-first', limit: 50 });
    expect(page.rows.map((row) => row.value.event.by)).toEqual([...Array(40).keys()]);
  });
});

describe('IdAllocator', () => {
  it('never gives an id twice, across restarts and beside others', () => {
    const store = new MemoryStableStore();
    const rentals = () => new IdAllocator<RentalId>({ store, counter: 0 });
    const others = new IdAllocator<RentalId>({ store, counter: 1 });
    expect([rentals().next(), others.next(), rentals().next(), rentals().next()]).toEqual([
      0, 0, 1, 2,
    ]);
    expect(rentals().count()).toBe(3);
  });
});

describe('checkMemoryTable', () => {
  it('gives the live ids of a sound table', () => {
    expect(checkMemoryTable({ live: { a: 0, b: 253 }, retired: { old: 7 } })).toEqual({
      a: 0,
      b: 253,
    });
  });

  it.each<MemoryTable<string>>([
    { live: { a: 1, b: 1 }, retired: {} },
    { live: { a: 1 }, retired: { old: 1 } },
    { live: { a: 254 }, retired: {} },
    { live: { a: -1 }, retired: {} },
    { live: { a: 0.5 }, retired: {} },
  ])('refuses %j', (table) => {
    expect(() => checkMemoryTable(table)).toThrow('BUG');
  });
});
