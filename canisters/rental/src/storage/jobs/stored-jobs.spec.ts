import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { CountRows } from './count-rows.ts';
import { connectionFields, jobFields, timelineFields } from './job-fields.ts';
import * as any from './job-values.arbitrary.ts';

describe('stored jobs', () => {
  it('are read as they were written', () => {
    const job = valueCodec({ version: 1, fields: jobFields });
    const row = valueCodec({ version: 1, fields: timelineFields });
    const connection = valueCodec({ version: 1, fields: connectionFields });
    fc.assert(
      fc.property(any.job, any.timelineRow, any.connectionCard, (one, two, card) => {
        expect(job.decode(job.encode(one))).toEqual(one);
        expect(row.decode(row.encode(two))).toEqual(two);
        const told = { card, at: two.at };
        expect(connection.decode(connection.encode(told))).toEqual(told);
      }),
    );
  });
});

describe('queues', () => {
  it('do not mix, whatever they are named after', () => {
    const c = fakeCanister();
    const { queues } = c.storage.jobs;
    const account = 0 as CloudAccountId;
    const names = [
      { kind: 'ready', agent: personCalled('a'), class: 0 },
      { kind: 'ready', agent: personCalled('a'), class: 1 },
      { kind: 'ready', agent: personCalled('b'), class: 0 },
      { kind: 'waiting', account, class: 0 },
      { kind: 'waiting', account, class: 1 },
      { kind: 'over-of-account', account },
      { kind: 'over-of-rental', rental: 0 as never },
    ] as const;
    for (const [index, name] of names.entries()) queues.push(name, index as JobId);
    const later = c.upgraded().storage.jobs.queues;
    expect(names.map((name) => later.shift(name))).toEqual(names.map((_name, index) => index));
    expect(names.map((name) => later.shift(name))).toEqual(names.map(() => undefined));
  });
});

describe('CountRows', () => {
  it('adds to what is there, across restarts', () => {
    const store = new MemoryStableStore();
    const added = fc.array(fc.record({ row: fc.nat(2), slot: fc.nat(5), by: fc.nat(9) }));
    fc.assert(
      fc.property(added, (changes) => {
        const before = [0, 1, 2].map((row) => [...new CountRows(store).all(row)]);
        for (const { row, slot, by } of changes) {
          new CountRows(store).add(row, [{ slot, by }]);
          const counts = (before[row] ??= []);
          while (counts.length <= slot) counts.push(0);
          counts[slot] = (counts[slot] ?? 0) + by;
        }
        expect([0, 1, 2].map((row) => new CountRows(store).all(row))).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it('never goes below nothing', () => {
    const counts = new CountRows(new MemoryStableStore());
    expect(counts.get(7, 3)).toBe(0);
    expect(() => {
      counts.add(7, [{ slot: 0, by: -1 }]);
    }).toThrow('below zero');
  });
});
