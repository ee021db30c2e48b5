import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRecord } from '@decent-cloud/domain/rental-record/read-record.ts';
import { RECORD_COLUMNS } from '@decent-cloud/domain/rental-record/record-export.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { asPerson, givenAccount, givenSettings } from '../../testing/accounts.fake.ts';
import { givenClosedRental, givenParties } from '../../testing/closed-rental.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { exportMyRentals, exportRental, type ExportRequest } from './export-rentals.flow.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const wrong = (argument: string) => ({ error: { leaf: { kind: 'invalid-argument', argument } } });

function world(count: number) {
  const c = fakeCanister();
  givenSettings(c);
  const parties = givenParties(c);
  const rentals = Array.from({ length: count }, () => givenClosedRental(c, parties));
  return { c, rentals };
}

function exported(c: FakeCanister, name: string, change: Partial<ExportRequest> = {}) {
  const request: ExportRequest = {
    role: 'renter',
    format: 'json',
    from: undefined,
    limit: 20,
    ...change,
  };
  const part = asPerson(c, name, () => exportMyRentals(c, request));
  if (part.kind === 'err') throw new Error(part.error.message);
  expect(part.value.sha256).toBe(hashOf(part.value.content));
  return part.value;
}

describe('exportMyRentals', () => {
  it('gives the rentals of a renter and of a seller as one table in parts', () => {
    const { c } = world(5);
    for (const [name, role] of [
      ['ann', 'renter'],
      ['sam', 'provider'],
    ] as const) {
      const first = exported(c, name, { role, format: 'csv', limit: 3 });
      const second = exported(c, name, { role, format: 'csv', limit: 3, from: first.next });
      expect(second.next).toBeUndefined();
      const [header, ...rows] = parseCsv(first.content + second.content);
      expect(header).toEqual(RECORD_COLUMNS);
      expect(rows.map(([id]) => id)).toEqual(['4', '3', '2', '1', '0']);
    }
  });

  it('gives records whose hashes can be computed again', () => {
    const { c } = world(2);
    const json = JSON.parse(exported(c, 'ann').content) as {
      readonly sha256: string;
      readonly record: object;
    }[];
    expect(json).toHaveLength(2);
    for (const { sha256, record } of json) {
      expect(hashOf(JSON.stringify(record))).toBe(sha256);
      expect(readRecord(JSON.stringify(record)).kind).toBe('ok');
    }
  });

  it('ends a part early when it is long or has used much', () => {
    const { c, rentals } = world(3);
    c.runtime.instructionsNow = 2_000_000_000n;
    const first = exported(c, 'ann');
    expect(first).toMatchObject({ records: 1, next: rentals[1]?.id });
    c.runtime.instructionsNow = 0n;
    for (const { id } of rentals) {
      const row = { at: c.runtime.now, step: 'recipe-step' as const, of: 200 };
      for (let step = 0; step < 190; step += 1) {
        c.storage.jobs.timelines.append(id, { ...row, index: step, note: 'n'.repeat(300) });
      }
    }
    expect(exported(c, 'ann')).toMatchObject({ records: 1, next: rentals[1]?.id });
  });

  it('shows nobody the rentals of others', () => {
    const { c } = world(1);
    givenAccount(c, 'bob');
    for (const role of ['renter', 'provider'] as const) {
      expect(exported(c, 'bob', { role }).content).toBe('[]\n');
    }
    expect(exported(c, 'ann', { role: 'provider' }).records).toBe(0);
  });

  it('refuses strangers and pages that are none', () => {
    const { c } = world(1);
    const request = { role: 'renter', format: 'csv', from: undefined, limit: 1 } as const;
    const ask = (name: string, change: Partial<ExportRequest>) =>
      asPerson(c, name, () => exportMyRentals(c, { ...request, ...change }));
    for (const limit of [0, 21]) expect(ask('ann', { limit })).toMatchObject(wrong('limit'));
    expect(ask('ann', { from: 99 as RentalId })).toMatchObject(wrong('from'));
    expect(ask('nobody', {})).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
  });
});

describe('exportRental', () => {
  it('gives one record to its parties and controllers, and says nothing to others', () => {
    const { c, rentals } = world(1);
    givenAccount(c, 'bob');
    c.runtime.controllers = [personCalled('operator')];
    const id = rentals[0]?.id ?? (0 as RentalId);
    for (const name of ['ann', 'sam', 'operator']) {
      const one = asPerson(c, name, () => exportRental(c, id));
      if (one.kind === 'err') throw new Error(one.error.message);
      expect(one.value.sha256).toBe(hashOf(one.value.content));
      expect(readRecord(one.value.content)).toMatchObject({ value: { id } });
    }
    const notFound = { error: { leaf: { kind: 'not-found' } } };
    expect(asPerson(c, 'bob', () => exportRental(c, id))).toMatchObject(notFound);
    expect(asPerson(c, 'ann', () => exportRental(c, 99 as RentalId))).toMatchObject(notFound);
  });

  it('says where a rental went', () => {
    const { c } = world(0);
    c.storage.archive.archived.add(7 as RentalId);
    expect(asPerson(c, 'ann', () => exportRental(c, 7 as RentalId))).toMatchObject({
      error: { leaf: { kind: 'archived' } },
    });
  });
});
