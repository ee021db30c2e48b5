import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { ClosedRental, Outcome } from '../core/rentals/closed-rental.ts';
import { openStorage } from '../storage/archive-storage.ts';
import { listOwnRentals, readRental } from './read-rentals.flow.ts';
import { setWriter } from './set-writer.flow.ts';
import { storeRental } from './store-rental.flow.ts';

const [controller, market, renter, provider, stranger, ledger] = [11, 12, 13, 14, 15, 16].map(
  (byte) => Principal.fromUint8Array(Uint8Array.of(byte)),
) as [Principal, Principal, Principal, Principal, Principal, Principal];
const idOf = (value: number) => value as RentalId;

const rental: ClosedRental = {
  id: idOf(7),
  renter,
  provider,
  offering: 'cx23 in Falkenstein',
  startedAt: timestampNs(10n),
  closedAt: timestampNs(20n),
  outcome: { kind: 'completed' },
  ledger,
  paid: 100n as TokenUnits,
  refunded: 40n as TokenUnits,
};

function newCanister() {
  const { open } = new FakeMemories();
  const runtime = new FakeRuntime();
  runtime.controllers = [controller];
  const canister = { runtime, storage: openStorage(open) };
  runtime.callerNow = controller;
  expect(setWriter(canister, { writer: market, isAllowed: true }).kind).toBe('ok');
  runtime.callerNow = market;
  return { ...canister, reopen: () => openStorage(open) };
}

const leaf = (kind: string) => ({ error: { kind: 'request', leaf: { kind } } });

describe('storeRental', () => {
  it.each<Outcome>([
    { kind: 'completed' },
    { kind: 'cancelled', by: 'provider' },
    { kind: 'failed', reason: 'no capacity' },
  ])('keeps a rental that ended as %j across an upgrade', (outcome) => {
    const canister = newCanister();
    expect(storeRental(canister, { ...rental, outcome }).kind).toBe('ok');
    expect(canister.reopen().rentals.get(rental.id)).toEqual({ ...rental, outcome });
  });

  it('keeps a rental that never started', () => {
    const canister = newCanister();
    const unstarted = { ...rental, startedAt: undefined };
    storeRental(canister, unstarted);
    expect(canister.storage.rentals.get(rental.id)).toEqual(unstarted);
  });

  it('takes the same rental again without a second row, and refuses another under its id', () => {
    const canister = newCanister();
    storeRental(canister, rental);
    expect(storeRental(canister, { ...rental })).toEqual({ kind: 'ok', value: rental });
    const other = { ...rental, refunded: 0n as TokenUnits };
    expect(storeRental(canister, other)).toMatchObject(leaf('conflict'));
    expect(canister.storage.byRenter.length(renter)).toBe(1);
    expect(canister.storage.rentals.get(rental.id)).toEqual(rental);
  });

  it.each([
    { change: { offering: '' }, argument: 'offering' },
    { change: { startedAt: timestampNs(21n) }, argument: 'started_at_ns' },
    { change: { refunded: 101n as TokenUnits }, argument: 'refunded' },
    {
      change: { outcome: { kind: 'failed', reason: 'x'.repeat(501) } as const },
      argument: 'outcome',
    },
  ])('refuses a wrong $argument', ({ change, argument }) => {
    const canister = newCanister();
    expect(storeRental(canister, { ...rental, ...change })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument } },
    });
    expect(canister.storage.rentals.size()).toBe(0);
  });

  it('takes rentals from listed writers only, as long as they are listed', () => {
    const canister = newCanister();
    for (const caller of [controller, renter]) {
      canister.runtime.callerNow = caller;
      expect(storeRental(canister, rental)).toMatchObject(leaf('not-allowed'));
    }
    canister.runtime.callerNow = controller;
    setWriter(canister, { writer: market, isAllowed: false });
    canister.runtime.callerNow = market;
    expect(storeRental(canister, rental)).toMatchObject(leaf('not-allowed'));
  });
});

describe('setWriter', () => {
  it('is for controllers, and never lists the anonymous principal', () => {
    const canister = newCanister();
    const change = { writer: stranger, isAllowed: true };
    expect(setWriter(canister, change)).toMatchObject(leaf('not-allowed'));
    canister.runtime.callerNow = controller;
    const anonymous = { writer: Principal.anonymous(), isAllowed: true };
    expect(setWriter(canister, anonymous)).toMatchObject(leaf('invalid-argument'));
  });
});

describe('reading', () => {
  it('is for the parties and controllers', () => {
    const canister = newCanister();
    storeRental(canister, rental);
    for (const caller of [renter, provider, controller]) {
      canister.runtime.callerNow = caller;
      expect(readRental(canister, rental.id)).toEqual({ kind: 'ok', value: rental });
    }
    canister.runtime.callerNow = stranger;
    expect(readRental(canister, rental.id)).toMatchObject(leaf('not-allowed'));
    canister.runtime.callerNow = Principal.anonymous();
    expect(readRental(canister, rental.id)).toMatchObject(leaf('not-authenticated'));
    canister.runtime.callerNow = renter;
    expect(readRental(canister, idOf(8))).toMatchObject(leaf('not-found'));
  });

  it("pages through the caller's own rentals", () => {
    const canister = newCanister();
    for (const id of [1, 2, 3]) storeRental(canister, { ...rental, id: idOf(id) });
    storeRental(canister, { ...rental, id: idOf(4), renter: stranger });
    canister.runtime.callerNow = renter;
    const first = listOwnRentals(canister, { order: 'newest-first', limit: 2 });
    expect(first).toMatchObject({
      value: { rows: [{ value: { id: 3 } }, { value: { id: 2 } }], next: 0 },
    });
    canister.runtime.callerNow = provider;
    const none = listOwnRentals(canister, { order: 'newest-first', limit: 2 });
    expect(none).toEqual({ kind: 'ok', value: { rows: [], next: undefined } });
  });
});
