import { describe, expect, it } from 'vitest';
import recorded from './memory-ids.json' with { type: 'json' };
import { memoryIdTroubles, memoryTables, type MemoryIds } from './tidy/memory-ids.ts';

const DEPLOYED = ['archive', 'rental', 'token-value', 'treasury'];

const histories: Readonly<Record<string, MemoryIds>> = recorded;
const tables = memoryTables();

describe('memory ids', () => {
  it('are tabled for every canister', () => {
    expect([...tables.keys()]).toEqual(expect.arrayContaining(DEPLOYED));
    expect(Object.keys(histories).toSorted()).toEqual([...tables.keys()].toSorted());
  });

  it.each([...tables])('of %s are unique and as recorded', (canister, table) => {
    expect(memoryIdTroubles(table, histories[canister] ?? {})).toEqual([]);
  });
});

describe('memoryIdTroubles', () => {
  const history = { accounts: 0, rentals: 1 };

  it.each([
    { desc: 'unchanged', live: { accounts: 0, rentals: 1 }, retired: {}, count: 0 },
    { desc: 'one retired', live: { accounts: 0 }, retired: { rentals: 1 }, count: 0 },
    { desc: 'one gone', live: { accounts: 0 }, retired: {}, count: 1 },
    { desc: 'one renumbered', live: { accounts: 0, rentals: 2 }, retired: {}, count: 1 },
    { desc: 'one new', live: { accounts: 0, rentals: 1, quotes: 2 }, retired: {}, count: 1 },
    {
      desc: 'a number reused',
      live: { accounts: 0, quotes: 1 },
      retired: { rentals: 1 },
      count: 3,
    },
  ])('finds $count in a table with $desc', ({ live, retired, count }) => {
    const table = { live: live as MemoryIds, retired: retired as MemoryIds };
    expect(memoryIdTroubles(table, history)).toHaveLength(count);
  });
});
