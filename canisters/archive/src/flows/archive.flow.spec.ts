import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { HandedRental } from '../core/archived-rental.ts';
import { openStorage } from '../storage/archive-storage.ts';
import { handedRental } from '../testing/handed-rental.fake.ts';
import { exportRentals } from './export-rentals.flow.ts';
import { listOwnRentals, readRental } from './read-rentals.flow.ts';
import { setWriter } from './set-writer.flow.ts';
import { storeRentals } from './store-rentals.flow.ts';

const [controller, market, renter, provider, stranger] = [11, 12, 13, 14, 15].map((byte) =>
  Principal.fromUint8Array(Uint8Array.of(byte)),
) as [Principal, Principal, Principal, Principal, Principal];

const rental = (id: number, readers = [renter, provider]) => handedRental({ id, readers });
const hashOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const leaf = (kind: string) => ({ error: { kind: 'request', leaf: { kind } } });
const wrong = (argument: string) => ({ error: { leaf: { kind: 'invalid-argument', argument } } });
const newest = { order: 'newest-first', limit: 2 } as const;

function newCanister() {
  const { open } = new FakeMemories();
  const runtime = new FakeRuntime();
  runtime.controllers = [controller];
  const canister = { runtime, storage: openStorage(open) };
  runtime.callerNow = controller;
  expect(setWriter(canister, { writer: market, isAllowed: true }).kind).toBe('ok');
  runtime.callerNow = market;
  const as = (caller: Principal) => {
    runtime.callerNow = caller;
    return canister;
  };
  return { ...canister, as, reopen: () => ({ runtime, storage: openStorage(open) }) };
}

function storedOne(canister: ReturnType<typeof newCanister>, handed: HandedRental) {
  const answers = storeRentals(canister.as(market), [handed]);
  if (answers.kind === 'err') throw new Error(answers.error.message);
  expect(answers.value).toHaveLength(1);
  return answers.value[0];
}

describe('storeRentals', () => {
  it('answers with the hash of each record and keeps the bytes across an upgrade', () => {
    const canister = newCanister();
    const rentals = [rental(1), rental(2)];
    expect(storeRentals(canister, rentals)).toEqual({
      kind: 'ok',
      value: rentals.map(({ body }) => ({ kind: 'ok', value: hashOf(body) })),
    });
    const kept = canister.reopen().storage.records.get(2 as RentalId);
    expect(kept).toMatchObject({ body: rental(2).body, title: 'cx23 in Falkenstein' });
  });

  it('takes the same rental again without a second row', () => {
    const canister = newCanister();
    const first = storedOne(canister, rental(7));
    expect(storedOne(canister, rental(7))).toEqual(first);
    expect(canister.storage.byReader.length(renter)).toBe(1);
    expect(canister.storage.records.size()).toBe(1);
  });

  it('lets a login that came later read, and lists it once', () => {
    const canister = newCanister();
    storedOne(canister, rental(7, [renter]));
    storedOne(canister, rental(7, [renter, stranger, stranger]));
    storedOne(canister, rental(7, [stranger]));
    expect(readRental(canister.as(stranger), 7 as RentalId).kind).toBe('ok');
    expect(readRental(canister.as(renter), 7 as RentalId).kind).toBe('ok');
    expect(canister.storage.byReader.length(stranger)).toBe(1);
  });

  it('refuses other contents under a kept id, whatever differs', () => {
    const canister = newCanister();
    storedOne(canister, rental(7));
    const edited = handedRental({ id: 7, readers: [renter], record: { title: 'cx33' } });
    expect(storedOne(canister, edited)).toMatchObject(leaf('conflict'));
    const moved = { ...rental(7), closedAt: timestampNs(1n) };
    expect(storedOne(canister, moved)).toMatchObject(leaf('conflict'));
    expect(canister.storage.records.get(7 as RentalId)?.body).toEqual(rental(7).body);
  });

  it.each([
    ['bytes that are no text', { body: Uint8Array.of(0xff, 0xfe) }, 'body'],
    ['text that is no record', { body: new TextEncoder().encode('{}') }, 'body'],
    ['the record of another rental', { body: rental(8).body }, 'body'],
    ['another renter', { renter: 9 as HandedRental['renter'] }, 'body'],
    ['another provider', { provider: 9 as HandedRental['provider'] }, 'body'],
    ['nobody as a reader', { readers: [Principal.anonymous()] }, 'readers'],
    ['too many readers', { readers: Array.from({ length: 41 }, () => renter) }, 'readers'],
  ])('refuses %s and keeps the others of the batch', (_, change, argument) => {
    const canister = newCanister();
    const answers = storeRentals(canister, [{ ...rental(7), ...change }, rental(6)]);
    expect(answers).toMatchObject({ value: [wrong(argument), { kind: 'ok' }] });
    expect(canister.storage.records.has(7 as RentalId)).toBe(false);
    expect(canister.storage.records.has(6 as RentalId)).toBe(true);
  });

  it('refuses a rental that is not closed', () => {
    const running = handedRental({ id: 7, readers: [renter], record: { closed_at: null } });
    expect(storedOne(newCanister(), running)).toMatchObject(wrong('body'));
  });

  it('keeps nothing of a batch that is too large', () => {
    const canister = newCanister();
    const many = Array.from({ length: 51 }, (_, id) => rental(id));
    expect(storeRentals(canister, many)).toMatchObject(wrong('rentals'));
    const long = handedRental({ id: 1, readers: [], record: { log_tail: 'x'.repeat(1_048_576) } });
    expect(storeRentals(canister, [long])).toMatchObject(wrong('rentals'));
    expect(canister.storage.records.size()).toBe(0);
  });

  it('takes rentals from listed writers only, as long as they are listed', () => {
    const canister = newCanister();
    for (const caller of [controller, renter]) {
      expect(storeRentals(canister.as(caller), [rental(7)])).toMatchObject(leaf('not-allowed'));
    }
    const anonymous = canister.as(Principal.anonymous());
    expect(storeRentals(anonymous, [rental(7)])).toMatchObject(leaf('not-authenticated'));
    setWriter(canister.as(controller), { writer: market, isAllowed: false });
    expect(storeRentals(canister.as(market), [rental(7)])).toMatchObject(leaf('not-allowed'));
  });
});

describe('setWriter', () => {
  it('is for controllers, and never lists the anonymous principal', () => {
    const canister = newCanister();
    const change = { writer: stranger, isAllowed: true };
    expect(setWriter(canister, change)).toMatchObject(leaf('not-allowed'));
    const anonymous = { writer: Principal.anonymous(), isAllowed: true };
    expect(setWriter(canister.as(controller), anonymous)).toMatchObject(wrong('writer'));
  });
});

describe('reading', () => {
  it('is for the readers and controllers', () => {
    const canister = newCanister();
    storedOne(canister, rental(7));
    const body = new TextDecoder().decode(rental(7).body);
    for (const caller of [renter, provider, controller]) {
      expect(readRental(canister.as(caller), 7 as RentalId)).toMatchObject({
        value: { id: 7, body, sha256: hashOf(body) },
      });
    }
    expect(readRental(canister.as(stranger), 7 as RentalId)).toMatchObject(leaf('not-allowed'));
    expect(readRental(canister.as(renter), 8 as RentalId)).toMatchObject(leaf('not-found'));
    const anonymous = canister.as(Principal.anonymous());
    expect(readRental(anonymous, 7 as RentalId)).toMatchObject(leaf('not-authenticated'));
    expect(listOwnRentals(anonymous, newest)).toMatchObject(leaf('not-authenticated'));
  });

  it("pages through the caller's own rentals without their records", () => {
    const canister = newCanister();
    for (const id of [1, 2, 3]) storedOne(canister, rental(id));
    storedOne(canister, rental(4, [stranger]));
    const first = listOwnRentals(canister.as(renter), newest);
    expect(first).toMatchObject({
      value: { rows: [{ value: { id: 3 } }, { value: { id: 2 } }], next: 0 },
    });
    expect(first).not.toHaveProperty('value.rows.0.value.body');
    expect(first).toHaveProperty('value.rows.0.value.sha256', hashOf(rental(3).body));
    const none = listOwnRentals(canister.as(market), newest);
    expect(none).toEqual({ kind: 'ok', value: { rows: [], next: undefined } });
  });
});

describe('exportRentals', () => {
  const exported = (
    canister: ReturnType<typeof newCanister>,
    format: 'csv' | 'json',
    from: number | undefined,
  ) => {
    const page = { order: 'oldest-first', limit: 2, from } as const;
    const part = exportRentals(canister, { format, page });
    if (part.kind === 'err') throw new Error(part.error.message);
    expect(part.value.sha256).toBe(hashOf(part.value.content));
    return part.value;
  };

  it('gives all of it in parts, each with its hash', () => {
    const canister = newCanister();
    for (const id of [1, 2, 3]) storedOne(canister, rental(id));
    canister.as(renter);
    const first = exported(canister, 'csv', undefined);
    const second = exported(canister, 'csv', first.next);
    expect(second.next).toBeUndefined();
    const table = parseCsv(first.content + second.content);
    expect(table.map(([id]) => id)).toEqual(['rental', '1', '2', '3']);
    const json = JSON.parse(exported(canister, 'json', undefined).content) as {
      readonly sha256: string;
      readonly record: object;
    }[];
    expect(json.map(({ record }) => hashOf(JSON.stringify(record)))).toEqual(
      json.map(({ sha256 }) => sha256),
    );
  });

  it('ends a part before it is too long, and goes on where it ended', () => {
    const canister = newCanister();
    const log = { log_tail: 'x'.repeat(100_000) };
    for (const id of [1, 2])
      storedOne(canister, handedRental({ id, readers: [renter], record: log }));
    canister.as(renter);
    const first = exported(canister, 'json', undefined);
    expect(first).toMatchObject({ records: 1, next: 1 });
    expect(exported(canister, 'json', first.next)).toMatchObject({ records: 1, next: undefined });
  });

  it('shows nothing to others', () => {
    const canister = newCanister();
    storedOne(canister, rental(1));
    expect(exported(newCanister(), 'json', undefined).content).toBe('[]\n');
    expect(exported({ ...canister, ...canister.as(stranger) }, 'csv', 0).records).toBe(0);
  });
});
