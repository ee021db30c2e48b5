import { describe, expect, it } from 'vitest';
import { ok } from '@decent-cloud/domain/result.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { fromWire, list, text, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { resultOf } from '../../../archive/src/endpoints/wire/error-wire.ts';
import { handedRentals } from '../../../archive/src/endpoints/wire/rental-wire.ts';
import { exportRentals } from '../../../archive/src/flows/export-rentals.flow.ts';
import { listOwnRentals } from '../../../archive/src/flows/read-rentals.flow.ts';
import { storeRentals } from '../../../archive/src/flows/store-rentals.flow.ts';
import type { StoreAnswers } from '../../../archive/src/flows/store-rentals.flow.ts';
import { openStorage } from '../../../archive/src/storage/archive-storage.ts';
import { exportMyRentals } from '../flows/archive/export-rentals.flow.ts';
import { tickArchive } from '../flows/archive/tick-archive.flow.ts';
import { asPerson, givenSettings } from './accounts.fake.ts';
import { givenClosedRental, givenParties } from './closed-rental.fake.ts';
import { fakeCanister, personCalled } from './fake-canister.fake.ts';

const storeAnswers: Wire<StoreAnswers> = list(resultOf(text));
const StoreResult = resultOf(storeAnswers);

/** The market and the real archive, each in its own memory, with real Candid in between. */
function twoCanisters() {
  const c = fakeCanister();
  givenSettings(c, { retentionNs: durationNs({ days: 0 }) });
  const archive = { runtime: new FakeRuntime(), storage: openStorage(new FakeMemories().open) };
  archive.storage.writers.set(c.runtime.self(), { since: c.runtime.now });
  c.runtime.answerCall = ({ canisterId, method, arg }) => {
    expect([canisterId.toText(), method]).toEqual([
      personCalled('archive').toText(),
      'store_rentals',
    ]);
    archive.runtime.callerNow = c.runtime.self();
    const [raw] = codecOf([handedRentals.type]).decode(arg);
    const answers = storeRentals(archive, fromWire(handedRentals, raw));
    const reply = codecOf([StoreResult.type]).encode([StoreResult.to(answers)]);
    return Promise.resolve(ok(reply));
  };
  const move = async () => {
    await tickArchive(c);
    while (await c.timers.fireNext());
  };
  return { c, archive, move };
}

describe('the market and the archive', () => {
  it('give a rental in one form before and after it moved', async () => {
    const { c, archive, move } = twoCanisters();
    const parties = givenParties(c);
    const count = 3;
    for (let index = 0; index < count; index += 1) givenClosedRental(c, parties);
    const request = { role: 'renter', from: undefined, limit: 20 } as const;
    const exports = (['csv', 'json'] as const).map((format) =>
      asPerson(c, 'ann', () => exportMyRentals(c, { ...request, format })),
    );
    await move();
    expect(c.storage.rentals.rentals.size()).toBe(0);
    for (const reader of ['ann', 'sam']) {
      archive.runtime.callerNow = personCalled(reader);
      const page = { order: 'newest-first', limit: 20 } as const;
      expect(listOwnRentals(archive, page)).toMatchObject({ value: { rows: { length: count } } });
      const parts = (['csv', 'json'] as const).map((format) =>
        exportRentals(archive, { format, page }),
      );
      expect(parts).toEqual(exports);
    }
  });

  it('leave everything where it is when the market is no writer', async () => {
    const { c, archive, move } = twoCanisters();
    archive.storage.writers.remove(c.runtime.self());
    givenClosedRental(c, givenParties(c));
    await move();
    expect(c.storage.rentals.rentals.size()).toBe(1);
    expect(archive.storage.records.size()).toBe(0);
  });

  it('keep a rental in the market that the archive has with other contents', async () => {
    const { c, archive, move } = twoCanisters();
    const rental = givenClosedRental(c, givenParties(c));
    const note = { at: c.runtime.now, step: 'closed' as const, index: 0, of: 0, note: 'late' };
    await tickArchive(c);
    c.timers.delays.length = 0;
    c.storage.jobs.timelines.append(rental.id, note);
    await move();
    expect(c.storage.archive.problems.get(rental.id)?.reason).toContain('other contents');
    expect(c.storage.rentals.rentals.has(rental.id)).toBe(true);
    expect(archive.storage.records.size()).toBe(1);
  });
});
