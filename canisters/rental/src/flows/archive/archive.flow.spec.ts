import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord } from '@decent-cloud/domain/rental-record/read-record.ts';
import type { RentalRecord } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { RentalStorage } from '../../storage/rental-storage.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeArchive, type FakeArchive } from '../../testing/archive.fake.ts';
import { givenClosedRental, givenParties } from '../../testing/closed-rental.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { archiveStatus } from './archive-status.ts';
import { missingRental } from './missing-rental.ts';
import { tickArchive } from './tick-archive.flow.ts';

const RETENTION = durationNs({ days: 30 });

interface World {
  c: FakeCanister;
  readonly memories: FakeMemories;
  readonly archive: FakeArchive;
  readonly close: () => Rental;
}

/** `aged`: the clock is set so that what closes now is old enough at once. */
function world(): World {
  const memories = new FakeMemories();
  const c = { ...fakeCanister(), storage: new RentalStorage(memories.open) };
  givenSettings(c, { retentionNs: RETENTION });
  const parties = givenParties(c);
  const w: World = {
    c,
    memories,
    archive: fakeArchive(c),
    // Of the canister as it is after a restart: what lives in the heap of the old one is gone.
    close: () => givenClosedRental(w.c, parties),
  };
  return w;
}

/** As an upgrade in between leaves it: stable memory only. */
function restart(w: World): void {
  const storage = new RentalStorage(w.memories.open);
  w.c = { ...w.c, storage, timers: new FakeTimers(), guards: new Guards() };
}

function pass(w: World, parts: Parameters<typeof durationNs>[0]): void {
  w.c.runtime.now = after(w.c.runtime.now, durationNs(parts));
}

async function fireAll({ c }: World): Promise<void> {
  while (await c.timers.fireNext());
}

async function tick(w: World): Promise<void> {
  await tickArchive(w.c);
  await fireAll(w);
}

/** How many rows each memory holds. */
function rowCounts({ memories }: World): ReadonlyMap<number, number> {
  return new Map([...memories.stores].map(([id, store]) => [id, store.size()]));
}

function recordOf({ archive }: World, id: RentalId): RentalRecord {
  const kept = archive.kept.get(id);
  const record = readRecord(new TextDecoder().decode(kept?.body));
  if (record.kind === 'err') throw new Error(record.error.problem);
  return record.value;
}

const isHot = ({ c }: World, { id }: Rental) => c.storage.rentals.rentals.has(id);

describe('tickArchive', () => {
  it('waits until everything that began by then is counted', async () => {
    const w = world();
    const rental = w.close();
    const begun = [rental.id, durationNs({ minutes: 1 })] as const;
    const at = w.c.runtime.now;
    w.c.storage.rentals.begun.schedule(begun, at);
    pass(w, { days: 30 });
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
    w.c.storage.rentals.begun.cancel(begun, at);
    await tick(w);
    expect(isHot(w, rental)).toBe(false);
  });

  it('moves a rental once its retention is over', async () => {
    const w = world();
    const rental = w.close();
    pass(w, { days: 29, hours: 23 });
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
    expect(w.archive.batches).toEqual([]);
    pass(w, { hours: 1 });
    await tick(w);
    expect(isHot(w, rental)).toBe(false);
    expect(w.archive.kept.get(rental.id)).toMatchObject({
      renter: rental.renter,
      provider: rental.provider,
      readers: [personCalled('ann'), personCalled('sam')],
    });
  });

  it('keeps what was agreed, done and measured, and nothing private', async () => {
    const w = world();
    const rental = w.close();
    pass(w, { days: 30 });
    await tick(w);
    const record = recordOf(w, rental.id);
    expect(record).toMatchObject({
      id: rental.id,
      title: 'cx23 in Falkenstein',
      state: 'closed',
      outcome: { cause: 'term-ended' },
      renter: rental.renter,
      provider: rental.provider,
      terms: {
        total_usd: '0.3',
        term_seconds: 172_800,
        backend: 'hetzner',
        choices: [{ type: 'cx23', location: 'fsn1' }],
        recipe: { name: 'nextcloud', version: '1.4.2' },
      },
      choice: 0,
      recipe: null,
      periods: [{ escrow: 1_000 + rental.id, status: 'settled', amount: '4500000' }],
      timeline: [{ step: 'paid' }, { step: 'ssh-reachable', note: 'answers on [address]' }],
      log_tail: 'log of provision on [address]\n',
      health: {
        uptime_ppm: Math.floor((284 / 288) * 1_000_000),
        days: [
          { up: 284, down: 4, excluded: 0, unknown: 0 },
          { up: 0, unknown: 288 },
        ],
      },
    });
    const text = JSON.stringify(record);
    const logins = ['ann', 'sam'].map((name) => personCalled(name).toText());
    for (const hidden of ['203.0.113.7', 'hidden input', 'ssh-ed25519', 'bridge', ...logins]) {
      expect(text).not.toContain(hidden);
    }
  });

  it('leaves no row but the number of what moved', async () => {
    const w = world();
    const before = rowCounts(w);
    for (let index = 0; index < 5; index += 1) w.close();
    expect(rowCounts(w)).not.toEqual(before);
    pass(w, { days: 30 });
    await tick(w);
    const grown = [...rowCounts(w)].filter(([id, rows]) => rows !== (before.get(id) ?? 0));
    const counters = 0;
    const archivedRentals = 66;
    expect(grown.map(([id]) => id).sort((a, b) => a - b)).toEqual([counters, archivedRentals]);
  });

  it('hands over at most 20 at once, and all of them in the end', async () => {
    const w = world();
    const rentals = Array.from({ length: 45 }, () => w.close());
    pass(w, { days: 30 });
    while (w.c.storage.archive.closed.size() > 0) await tick(w);
    expect(Math.max(...w.archive.batches)).toBeLessThanOrEqual(20);
    expect(w.archive.kept.size).toBe(45);
    expect(rentals.some((rental) => isHot(w, rental))).toBe(false);
  });

  it('makes batches smaller when the records are long', async () => {
    const w = world();
    for (let index = 0; index < 10; index += 1) {
      const { id } = w.close();
      const row = { at: w.c.runtime.now, step: 'recipe-step' as const, of: 200 };
      for (let step = 0; step < 150; step += 1) {
        w.c.storage.jobs.timelines.append(id, { ...row, index: step, note: 'n'.repeat(200) });
      }
    }
    pass(w, { days: 30 });
    await tick(w);
    const [batch] = w.archive.batches;
    expect(batch).toBeLessThan(5);
    expect(batch).toBeGreaterThanOrEqual(1);
  });

  it('keeps a rental whose copy is not byte for byte the same, and says so', async () => {
    const w = world();
    const rental = w.close();
    pass(w, { days: 30 });
    w.archive.failing = 'damaged';
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
    w.c.runtime.controllers = [personCalled('operator')];
    w.c.runtime.callerNow = personCalled('operator');
    expect(archiveStatus(w.c, { from: undefined, limit: 10 })).toMatchObject({
      value: { waiting: 1, problems: 1, rows: [{ rentalId: rental.id, tries: 1 }] },
    });
    w.archive.failing = undefined;
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
    pass(w, { days: 1 });
    await tick(w);
    expect(isHot(w, rental)).toBe(false);
    expect(archiveStatus(w.c, { from: undefined, limit: 10 })).toMatchObject({
      value: { waiting: 0, problems: 0, rows: [] },
    });
  });

  it('is not held up by one that the archive refuses', async () => {
    const w = world();
    const [refused, other] = [w.close(), w.close()];
    w.archive.refusing.add(refused.id);
    pass(w, { days: 30 });
    await tick(w);
    expect([isHot(w, refused), isHot(w, other)]).toEqual([true, false]);
    expect(w.c.storage.archive.problems.get(refused.id)?.reason).toBe('kept with other contents');
  });

  it('waits for facts that the treasury has not acknowledged', async () => {
    const w = world();
    const rental = w.close();
    const escrowId = (1_000 + rental.id) as EscrowId;
    const { lines } = w.c.storage.rentals.facts;
    const { id: rentalId } = rental;
    const line = { escrowId, rentalId, facts: [], nextSeq: 3, attempts: 9, dueAt: w.c.runtime.now };
    lines.set(escrowId, line);
    pass(w, { days: 30 });
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
    expect(w.archive.batches).toEqual([]);
    lines.remove(escrowId);
    pass(w, { days: 1 });
    await tick(w);
    expect(isHot(w, rental)).toBe(false);
  });

  it('keeps a rental that changed after its record was made', async () => {
    const w = world();
    const rental = w.close();
    pass(w, { days: 30 });
    await tickArchive(w.c);
    const { rentals } = w.c.storage.rentals;
    rentals.set(rental.id, { ...rental, updatedAt: w.c.runtime.now });
    await fireAll(w);
    expect(isHot(w, rental)).toBe(true);
    await tick(w);
    expect(isHot(w, rental)).toBe(false);
  });

  it('does nothing before the canister is set up', async () => {
    const w = world();
    const rental = w.close();
    w.c.storage.accounts.settings.remove(null);
    pass(w, { days: 30 });
    await tick(w);
    expect(isHot(w, rental)).toBe(true);
  });

  it('loses nothing and doubles nothing, wherever it is cut short', async () => {
    const failure = fc.constantFrom(undefined, 'before', 'after', 'refused', 'damaged');
    const step = fc.record({
      failing: failure,
      /** Removals that still happen before everything in the heap is lost. */
      fires: fc.nat(6),
      isRestart: fc.boolean(),
      closes: fc.nat(3),
      hours: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const w = world();
        const rentals: Rental[] = [];
        const check = () => {
          for (const rental of rentals) {
            const isArchived = w.c.storage.archive.archived.has(rental.id);
            expect(isHot(w, rental)).toBe(!isArchived);
            expect(w.c.storage.rentals.terms.has(rental.id)).toBe(!isArchived);
            if (isArchived) expect(recordOf(w, rental.id).id).toBe(rental.id);
          }
        };
        for (const { failing, fires, isRestart, closes, hours } of steps) {
          for (let index = 0; index < closes; index += 1) rentals.push(w.close());
          pass(w, { days: 29, hours });
          w.archive.failing = failing;
          await tickArchive(w.c);
          for (let index = 0; index < fires; index += 1) await w.c.timers.fireNext();
          if (isRestart) restart(w);
          check();
        }
        w.archive.failing = undefined;
        pass(w, { days: 32 });
        await tick(w);
        await tick(w);
        check();
        expect(rentals.filter((rental) => isHot(w, rental))).toEqual([]);
        expect(w.c.storage.archive.closed.size()).toBe(0);
        expect(w.c.storage.archive.problems.size()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('missingRental', () => {
  it('tells what moved from what never was', async () => {
    const w = world();
    const rental = w.close();
    pass(w, { days: 30 });
    await tick(w);
    expect(missingRental(w.c, rental.id)).toMatchObject({
      error: { leaf: { kind: 'archived', archive: personCalled('archive') } },
    });
    const never = missingRental(w.c, (rental.id + 1) as RentalId);
    expect(never).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
  });
});

describe('archiveStatus', () => {
  it('is for controllers', () => {
    const { c } = world();
    c.runtime.callerNow = personCalled('ann');
    expect(archiveStatus(c, { from: undefined, limit: 1 })).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    c.runtime.controllers = [personCalled('ann')];
    for (const limit of [0, 51]) {
      expect(archiveStatus(c, { from: undefined, limit })).toMatchObject({
        error: { leaf: { kind: 'invalid-argument', argument: 'limit' } },
      });
    }
    expect(archiveStatus(c, { from: 7 as RentalId, limit: 1 })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'from' } },
    });
  });
});
