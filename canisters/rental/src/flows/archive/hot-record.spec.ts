import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { isoTime } from '@decent-cloud/domain/utc-time.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { givenClosedRental, givenParties } from '../../testing/closed-rental.fake.ts';
import { fakeCanister } from '../../testing/fake-canister.fake.ts';
import { hotRecord } from './hot-record.ts';

function world() {
  const c = fakeCanister();
  givenSettings(c);
  return { c, rental: givenClosedRental(c, givenParties(c)) };
}

describe('hotRecord', () => {
  it('keeps how a long rental began and how it ended', () => {
    const { c, rental } = world();
    const { timelines } = c.storage.jobs;
    for (let index = 1; index <= 498; index += 1) {
      const row = { at: c.runtime.now, step: 'up' as const, index, of: 498, note: '' };
      timelines.append(rental.id, row);
    }
    const { timeline, timeline_left_out: leftOut } = hotRecord(c, rental);
    expect(timeline).toHaveLength(200);
    expect(leftOut).toBe(300);
    expect(timeline[0]?.step).toBe('paid');
    expect(timeline.slice(2).map(({ index }) => index)).toEqual([
      ...Array.from({ length: 48 }, (_, index) => index + 1),
      ...Array.from({ length: 150 }, (_, index) => index + 349),
    ]);
  });

  it('keeps the end of a long log, cut in the middle of a character or not', () => {
    const { c, rental } = world();
    const { jobs, logs, links } = c.storage.jobs;
    const list = { kind: 'of-rental', of: rental.id } as const;
    const ids = links.page(list, { from: undefined, limit: 10 })?.ids ?? [];
    const provision = ids.find((id) => jobs.get(id)?.task.kind === 'provision');
    if (provision === undefined) throw new Error('no job');
    const before = logs.length(provision);
    const bytes = new TextEncoder().encode('ä'.repeat(5_000) + 'b');
    logs.append(provision, { offset: before, bytes });
    const record = hotRecord(c, rental);
    expect(record.log_bytes).toBe(before + bytes.length);
    expect(record.log_tail.endsWith('äb')).toBe(true);
    expect(record.log_tail.length).toBeLessThanOrEqual(8_192);
    expect(record.log_tail.length).toBeGreaterThan(4_000);
  });

  it('says of a rental that goes on what is known', () => {
    const { c, rental } = world();
    const since = c.runtime.now;
    const endsAt = timestampNs(since + durationNs({ days: 1 }));
    const active: Rental = {
      ...rental,
      state: { kind: 'active', since, endsAt, power: 'on', operation: undefined },
      deployment: { ...present(rental.deployment, 'it has one'), number: 5, semver: '1.5.0' },
    };
    expect(hotRecord(c, active)).toMatchObject({
      state: 'active',
      closed_at: null,
      outcome: null,
      recipe: { version: '1.5.0' },
      terms: { recipe: { version: '1.4.2' } },
    });
    const unpaid: Rental = { ...active, state: { kind: 'quoted', expiresAt: endsAt }, periods: [] };
    expect(hotRecord(c, unpaid)).toMatchObject({ state: 'quoted', started_at: null, periods: [] });
  });

  it('leaves out what says nothing or is said twice', () => {
    const { c, rental } = world();
    const { timelines } = c.storage.jobs;
    const reason = 'The term was over. Nothing was left to pay.';
    const row = { at: c.runtime.now, index: 0, of: 0, note: '' };
    timelines.append(rental.id, { ...row, step: 'ending', note: reason });
    timelines.append(rental.id, { ...row, step: 'recipe-step', index: 2, of: 3 });
    const { timeline, outcome } = hotRecord(c, rental);
    expect(outcome?.reason).toBe(reason);
    const at = isoTime(c.runtime.now);
    expect(timeline.slice(2)).toStrictEqual([
      { step: 'ending', at },
      { step: 'recipe-step', at, index: 2, of: 3 },
    ]);
  });

  it('says why a rental is ending', () => {
    const { c, rental } = world();
    const { state } = rental;
    if (state.kind !== 'closed') throw new Error('not closed');
    const ending: Rental = {
      ...rental,
      state: {
        kind: 'ending',
        since: state.at,
        ending: { ...state.ending, reason: 'The machine at 203.0.113.7 was lost.' },
        machineGoneAt: undefined,
        moneySettledAt: undefined,
      },
    };
    expect(hotRecord(c, ending)).toMatchObject({
      closed_at: null,
      outcome: { cause: 'term-ended', reason: 'The machine at [address] was lost.' },
    });
  });
});
