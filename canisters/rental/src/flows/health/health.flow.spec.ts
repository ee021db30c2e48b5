import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { ALL, hourOf, SLOT_NS, slotAt, slotStart } from '../../core/health/slots.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type { Period } from '../../core/rentals/rental.ts';
import {
  asPerson,
  givenAccount,
  givenAgent,
  givenProvider,
  givenSettings,
} from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { accepted } from '../../testing/recipes.fake.ts';
import { givenMeasuredRental, type MeasuredRental } from '../../testing/health.fake.ts';
import { myNotifications } from '../notifications/read-notifications.flow.ts';
import { healthByDay, removeHealthRows } from './health-archive.ts';
import { lookAtDue } from './health-tasks.ts';
import { noteCancel, noteRun } from './provider-trust.ts';
import { getHealthSlots, getProviderTrust, getUptime } from './read-health.flow.ts';
import { reportFlip, type FlipReport } from './report-flip.flow.ts';
import { reportHealth, type HealthRow } from './report-health.flow.ts';
import { reportMachineLost } from './report-machine-lost.flow.ts';
import { endHealth, endHealthPeriod, excludeHealth, startHealth } from './watch-health.ts';

const MIDNIGHT = timestampNs(20_000n * 86_400_000_000_000n);
const HOUR = durationNs({ hours: 1 });
const UP = 0;
const DOWN = 0x555555;

interface World {
  readonly c: FakeCanister;
  readonly rental: MeasuredRental;
}

/** A rental that is measured since midnight. */
function world(): World {
  const c = fakeCanister();
  c.runtime.now = MIDNIGHT;
  givenSettings(c);
  return { c, rental: givenMeasuredRental(c) };
}

function wait(c: FakeCanister, hours: number): void {
  c.runtime.now = timestampNs(c.runtime.now + BigInt(Math.round(hours * 12)) * SLOT_NS);
}

/** The answer to one row about the hour that is `back` hours before now. */
function report(
  { c, rental }: World,
  row: Partial<HealthRow> & { readonly back?: number; readonly by?: string } = {},
): number | undefined {
  const { back = 1, by = 'bridge', ...rest } = row;
  const hour = hourOf(slotAt(c.runtime.now)) - back;
  const rows = [{ rentalId: rental.id, hour, slots: UP, upto: 12, ...rest }];
  const answer = asPerson(c, by, () => reportHealth(c, rows));
  return answer.kind === 'ok' ? answer.value[0] : undefined;
}

/** Waits so many hours and reports each right after its end. */
function measure(it: World, hours: readonly number[]): void {
  for (const slots of hours) {
    wait(it.c, 1);
    expect(report(it, { slots })).toBe(0);
  }
}

function facts({ c, rental }: World): readonly Fact[] {
  const line = c.storage.rentals.facts.lines.get(rental.escrowId);
  return (line?.facts ?? []).map(({ fact }) => fact);
}

const at = (hours: number): TimestampNs =>
  timestampNs(MIDNIGHT + BigInt(Math.round(hours * 12)) * SLOT_NS);
const outage = (from: number, to: number): Fact => ({ kind: 'outage', from: at(from), to: at(to) });

describe('report_health', () => {
  it('answers each row for itself', () => {
    const it = world();
    const other = givenMeasuredRental(it.c, { seller: 'other' }).id;
    wait(it.c, 4);
    const hour = hourOf(slotAt(it.c.runtime.now));
    const row = { rentalId: it.rental.id, hour, slots: UP, upto: 12 };
    const rows = [
      { ...row, hour: hour - 1 },
      { ...row, hour: hour - 1 },
      { ...row, rentalId: 99 as typeof row.rentalId },
      { ...row, hour: hour - 3 },
      row,
      { ...row, slots: ALL + 1 },
      { ...row, upto: 13 },
      { ...row, upto: 0 },
    ];
    const answer = asPerson(it.c, 'bridge', () => reportHealth(it.c, rows));
    expect(answer).toEqual({ kind: 'ok', value: Uint8Array.of(0, 1, 2, 4, 5, 6, 6, 6) });
    it.c.storage.accounts.grants.remove([givenProvider(it.c, 'other').id, personCalled('bridge')]);
    expect(report(it, { rentalId: other })).toBe(3);
    expect(report(it, { rentalId: other, by: 'platform-agent' })).toBe(0);
  });

  it('refuses too many rows at once, and whoever is no agent', () => {
    const { c } = world();
    const row = { rentalId: 0 as MeasuredRental['id'], hour: 0, slots: 0, upto: 1 };
    const rows = Array<HealthRow>(2_001).fill(row);
    expect(asPerson(c, 'bridge', () => reportHealth(c, rows))).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'rows' } },
    });
    expect(asPerson(c, 'renter', () => reportHealth(c, [row]))).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    expect(reportHealth(c, [row])).toMatchObject({
      error: { leaf: { kind: 'not-authenticated' } },
    });
  });

  it('takes nothing from an agent whose grant is over', () => {
    const it = world();
    const provider = givenProvider(it.c, 'seller');
    givenAgent(it.c, provider, { agent: personCalled('probe'), scopes: ['provision'] });
    wait(it.c, 1);
    expect(report(it, { by: 'probe' })).toBe(3);
    givenAgent(it.c, provider, {
      agent: personCalled('probe'),
      scopes: ['health'],
      expiresInDays: 0,
    });
    expect(report(it, { by: 'probe' })).toBe(3);
  });

  it('issues an outage once its hours are final, merged across hours and days', () => {
    const it = world();
    measure(it, [...Array<number>(22).fill(UP), 0x555000, DOWN, 0x000555]);
    expect(facts(it)).toEqual([]);
    measure(it, [UP]);
    expect(facts(it)).toEqual([]);
    measure(it, [UP]);
    expect(facts(it)).toEqual([outage(22.5, 24.5)]);
  });

  it('issues what goes on every six hours', () => {
    const it = world();
    measure(it, [UP, ...Array<number>(13).fill(DOWN), UP, UP, UP]);
    expect(facts(it)).toEqual([outage(1, 7), outage(7, 13), outage(13, 14)]);
  });

  it('gives the same after an upgrade in between', () => {
    const it = world();
    measure(it, [DOWN, UP]);
    const upgraded = { ...it, c: it.c.upgraded() };
    measure(upgraded, [UP, UP, UP]);
    expect(facts(upgraded)).toEqual([outage(0, 1)]);
  });
});

describe('the canisters clock', () => {
  it('makes hours final that nobody reports, each in a message of its own', async () => {
    const it = world();
    measure(it, [DOWN, UP]);
    wait(it.c, 3);
    lookAtDue(it.c);
    expect(it.c.timers.delays.length).toBe(0);
    wait(it.c, 1);
    lookAtDue(it.c);
    expect(it.c.timers.delays.length).toBe(1);
    await it.c.timers.fireNext();
    expect(facts(it)).toEqual([outage(0, 1)]);
    const { watches, due } = it.c.storage.health;
    expect(watches.get(it.rental.id)?.counts).toMatchObject({ up: 12, down: 12, unknown: 24 });
    lookAtDue(it.c);
    expect(it.c.timers.delays.length).toBe(0);
    expect(due.size()).toBe(2);
  });

  it('hands a changed score to the search once a day', async () => {
    const { c } = world();
    const provider = givenProvider(c, 'seller').id;
    noteRun(c, { provider, outcome: 'ready' });
    noteRun(c, { provider, outcome: 'failed' });
    wait(c, 24);
    lookAtDue(c);
    while (await c.timers.fireNext());
    expect(c.storage.health.trust.get(provider)).toMatchObject({ searchScore: 94 });
    expect(c.storage.market.scores.get(provider)).toEqual({ score: 94 });
    expect(c.storage.health.trust.get(provider)?.dueAt).toBeUndefined();
    noteCancel(c, provider);
    expect(c.storage.health.trust.get(provider)?.dueAt).toBe(c.runtime.now + 24n * HOUR);
  });
});

describe('endHealth', () => {
  it('issues the open outage, and says when too much is unknown', () => {
    const it = world();
    measure(it, [UP, UP, DOWN]);
    wait(it.c, 1);
    const summary = endHealth(it.c, it.rental.id, it.c.runtime.now);
    expect(summary).toEqual({ up: 24, down: 12, excluded: 0, unknown: 10, unknownPpm: 217_391 });
    expect(facts(it)).toEqual([outage(2, 3), { kind: 'unproven', unknownPpm: 217_391 }]);
    for (const name of ['renter', 'seller']) {
      const box = it.c.storage.notifications.mailboxes.get(givenAccount(it.c, name).id);
      expect(box?.unread).toBe(1);
    }
    expect(report(it)).toBe(8);
    expect(endHealth(it.c, it.rental.id, it.c.runtime.now)).toMatchObject({ up: 0, unknownPpm: 0 });
    expect(facts(it).length).toBe(2);
    expect(it.c.storage.health.watches.get(it.rental.id)?.dueAt).toBeUndefined();
  });

  it('says nothing when it was measured to the end', () => {
    const it = world();
    measure(it, [UP, UP]);
    wait(it.c, 0.5);
    report(it, { back: 0, upto: 4 });
    const summary = endHealth(it.c, it.rental.id, it.c.runtime.now);
    expect(summary).toEqual({ up: 28, down: 0, excluded: 0, unknown: 0, unknownPpm: 0 });
    expect(facts(it)).toEqual([]);
  });

  it('is harmless for a rental that was never ready', () => {
    const { c } = world();
    expect(endHealth(c, 77 as MeasuredRental['id'], c.runtime.now)).toMatchObject({ up: 0 });
  });
});

describe('endHealthPeriod', () => {
  /** An extension that is paid and follows the period that runs. */
  function extend({ c, rental }: World, change: Partial<Period> = {}): void {
    const stored = present(c.storage.rentals.rentals.get(rental.id), 'the rental');
    const [first] = stored.periods;
    const running = { ...present(first, 'its period'), ...change };
    const next: Period = {
      ...running,
      escrowId: 900 as Period['escrowId'],
      status: 'paid',
      startedAt: undefined,
    };
    c.storage.rentals.rentals.set(rental.id, { ...stored, periods: [running, next] });
  }

  it('keeps the facts of two periods apart when its end is dealt with late', () => {
    const it = world();
    const { c, rental } = it;
    extend(it, { termNs: durationNs({ hours: 2 }) });
    c.storage.health.watches.remove(rental.id);
    startHealth(c, rental.id, MIDNIGHT);
    measure(it, [UP, DOWN, DOWN, DOWN, UP]);
    expect(facts(it)).toEqual([]);
    expect(c.storage.health.watches.get(rental.id)?.finalSlot).toBe(slotAt(at(2)));
    expect(endHealthPeriod(c, rental.id, at(2))).toMatchObject({ up: 12, down: 12 });
    expect(facts(it)).toEqual([outage(1, 2)]);
    measure(it, [UP]);
    expect(c.storage.health.watches.get(rental.id)?.counts).toMatchObject({ up: 0, down: 24 });
  });

  it('settles one period and goes on measuring the next', () => {
    const it = world();
    extend(it);
    measure(it, [UP, DOWN]);
    expect(endHealthPeriod(it.c, it.rental.id, it.c.runtime.now)).toMatchObject({
      up: 12,
      down: 12,
    });
    expect(facts(it)).toEqual([outage(1, 2)]);
    measure(it, [DOWN, UP, UP, UP]);
    expect(facts(it)).toEqual([outage(1, 2), outage(2, 3)]);
    const uptime = asPerson(it.c, 'renter', () => getUptime(it.c, it.rental.id));
    expect(uptime).toMatchObject({
      value: {
        hours24: { ppm: 666_667, counts: { up: 48, down: 24 } },
        period: { ppm: 750_000, counts: { up: 36, down: 12 } },
      },
    });
  });
});

describe('excludeHealth', () => {
  it('keeps time out in which the renter has it off, reported or not', () => {
    const it = world();
    const change = (isExcluded: boolean) => {
      excludeHealth(it.c, { rentalId: it.rental.id, isExcluded, at: it.c.runtime.now });
    };
    measure(it, [UP]);
    change(true);
    measure(it, [DOWN]);
    wait(it.c, 4.5);
    change(false);
    wait(it.c, 0.5);
    report(it, { slots: DOWN });
    wait(it.c, 3);
    report(it);
    expect(facts(it)).toEqual([outage(6.5 + 1 / 12, 7)]);
    const uptime = asPerson(it.c, 'renter', () => getUptime(it.c, it.rental.id));
    expect(uptime).toMatchObject({
      value: { isExcluded: false, days: [{ up: 24, down: 5, excluded: 67, unknown: 24 }] },
    });
  });
});

describe('report_flip', () => {
  const flip = (c: FakeCanister, rental: MeasuredRental, isUp: boolean): FlipReport => ({
    rentalId: rental.id,
    at: c.runtime.now,
    isUp,
    checks: [{ what: 'TCP 22', result: 'no answer', latencyMs: 5_000 }],
    nextCheck: timestampNs(c.runtime.now + SLOT_NS),
  });
  const send = (c: FakeCanister, report: FlipReport, by = 'bridge') =>
    asPerson(c, by, () => reportFlip(c, report));

  it('tells the renter at once, and writes the timeline', () => {
    const { c, rental } = world();
    wait(c, 1);
    expect(send(c, flip(c, rental, false))).toEqual({ kind: 'ok', value: 'taken' });
    expect(send(c, flip(c, rental, false))).toEqual({ kind: 'ok', value: 'duplicate' });
    wait(c, 0.25);
    expect(send(c, flip(c, rental, true))).toEqual({ kind: 'ok', value: 'taken' });
    const steps = [0, 1].map((seq) => c.storage.jobs.timelines.get(rental.id, seq)?.step);
    expect(steps).toEqual(['down', 'up']);
    const box = c.storage.notifications.mailboxes.get(givenAccount(c, 'renter').id);
    expect(box?.unread).toBe(2);
    const uptime = asPerson(c, 'renter', () => getUptime(c, rental.id));
    expect(uptime).toMatchObject({ value: { lastFlip: { isUp: true, at: c.runtime.now } } });
  });

  it('does not call a machine down that the renter switched off', () => {
    const { c, rental } = world();
    excludeHealth(c, { rentalId: rental.id, isExcluded: true, at: c.runtime.now });
    expect(send(c, flip(c, rental, false))).toEqual({ kind: 'ok', value: 'excluded' });
  });

  it.each<[string, Partial<FlipReport>]>([
    ['at_ns', { at: timestampNs(MIDNIGHT - HOUR) }],
    ['at_ns', { at: timestampNs(MIDNIGHT + 2n * HOUR) }],
    ['next_check_ns', { nextCheck: timestampNs(0n) }],
    ['checks', { checks: [] }],
    ['checks', { checks: [{ what: 'x'.repeat(201), result: '', latencyMs: 0 }] }],
  ])('refuses a wrong %s', (argument, change) => {
    const { c, rental } = world();
    c.runtime.now = timestampNs(MIDNIGHT + SLOT_NS);
    expect(send(c, { ...flip(c, rental, false), ...change })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument } },
    });
  });

  it('refuses agents that may not, and rentals that do not run', () => {
    const { c, rental } = world();
    givenAgent(c, givenProvider(c, 'other'), { agent: personCalled('stranger') });
    expect(send(c, flip(c, rental, false), 'stranger')).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    endHealth(c, rental.id, c.runtime.now);
    expect(send(c, flip(c, rental, false))).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });
});

describe('report_machine_lost', () => {
  const send = (c: FakeCanister, { id }: MeasuredRental, by = 'bridge') =>
    asPerson(c, by, () => reportMachineLost(c, id));

  it('ends the rental when the accounts agent says so twice, ten minutes apart', () => {
    const it = world();
    const { c, rental } = it;
    measure(it, [UP, DOWN]);
    expect(send(c, rental)).toEqual({ kind: 'ok', value: false });
    wait(c, 1 / 12);
    expect(send(c, rental)).toEqual({ kind: 'ok', value: false });
    wait(c, 1 / 12);
    expect(send(c, rental)).toEqual({ kind: 'ok', value: true });
    const { state } = c.storage.rentals.rentals.get(rental.id) ?? {};
    expect(state).toMatchObject({ kind: 'ending', ending: { cause: 'provider-failed' } });
    expect(facts(it)).toMatchObject([outage(1, 2), { kind: 'ended', cause: 'provider-failed' }]);
    expect(send(c, rental)).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
  });

  it('is told to the renter and the seller, with the reason and what it means for the money', () => {
    const { c, rental } = world();
    send(c, rental);
    wait(c, 1 / 6);
    expect(send(c, rental)).toEqual({ kind: 'ok', value: true });
    for (const name of ['renter', 'seller']) {
      const read = () => myNotifications(c, { from: undefined, limit: 10 });
      const told = asPerson(c, name, () => accepted(read())).rows;
      const [ended] = told.filter(({ kind }) => kind === 'rental-ended');
      expect(ended?.rentalId).toBe(rental.id);
      expect(ended?.body).toContain('The cloud said twice, at least ten minutes apart, that the');
      expect(ended?.body).toContain('What you paid for time that was not used goes back to you.');
    }
  });

  it('is believed of that agent alone', () => {
    const { c, rental } = world();
    givenAgent(c, givenProvider(c, 'seller'), { agent: personCalled('second bridge') });
    for (const name of ['second bridge', 'platform-agent']) {
      expect(send(c, rental, name)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    }
    expect(c.storage.health.statuses.has(rental.id)).toBe(false);
  });
});

describe('reading health', () => {
  it('is for the renter, the seller, the sellers agents and the operator', () => {
    const { c, rental } = world();
    givenAccount(c, 'stranger');
    c.runtime.controllers = [personCalled('operator')];
    for (const name of ['renter', 'seller', 'bridge', 'operator', 'platform-agent']) {
      expect(asPerson(c, name, () => getUptime(c, rental.id)).kind).toBe('ok');
    }
    expect(asPerson(c, 'stranger', () => getUptime(c, rental.id))).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    expect(getUptime(c, rental.id)).toMatchObject({
      error: { leaf: { kind: 'not-authenticated' } },
    });
    expect(asPerson(c, 'renter', () => getUptime(c, 99 as typeof rental.id))).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });

  it('says nothing about uptime from nothing', () => {
    const { c, rental } = world();
    expect(asPerson(c, 'renter', () => getUptime(c, rental.id))).toMatchObject({
      value: { lastFlip: undefined, days90: { ppm: undefined }, period: { belowPpm: 990_000 } },
    });
  });

  it('gives slots from which the uptime can be computed anew', () => {
    const it = world();
    measure(it, [...Array<number>(26).fill(UP), 0x000555, UP]);
    const { c, rental } = it;
    const asked = { rentalId: rental.id, day: 20_000, count: 31 };
    const slots = asPerson(c, 'renter', () => getHealthSlots(c, asked));
    const uptime = asPerson(c, 'renter', () => getUptime(c, rental.id));
    if (slots.kind === 'err' || uptime.kind === 'err') return expect.fail('refused');
    const { days, measured } = slots.value;
    expect(days.map(({ day }) => day)).toEqual([20_000, 20_001]);
    const seen = { up: 0, down: 0 };
    for (const { day, slots: bytes } of days) {
      for (let index = 0; index < 288; index += 1) {
        const start = slotStart(day * 288 + index);
        const status = ((bytes[index >> 2] ?? 0) >> (2 * (index & 3))) & 3;
        if (start < measured.from || start >= measured.to) continue;
        if (status === 0) seen.up += 1;
        if (status === 1) seen.down += 1;
      }
    }
    expect(seen).toEqual({ up: 28 * 12 - 6, down: 6 });
    expect(uptime.value.days90.ppm).toBe(Math.round((seen.up * 1e6) / (seen.up + seen.down)));
    expect(uptime.value.hours24.counts).toMatchObject({ up: 282, down: 6 });
    const allowed = durationNs({ minutes: 432 - 30 });
    expect(uptime.value.period.allowedDowntimeNs).toBe(allowed);
    expect(healthByDay(c, rental.id).map(({ counts }) => counts.up)).toEqual([288, 24]);
  });

  it('refuses more days than fit an answer', () => {
    const { c, rental } = world();
    for (const count of [0, 32]) {
      const asked = { rentalId: rental.id, day: 0, count };
      expect(asPerson(c, 'renter', () => getHealthSlots(c, asked))).toMatchObject({
        error: { leaf: { kind: 'invalid-argument', argument: 'count' } },
      });
    }
  });

  it('shows anybody what a seller did, new ones as new', () => {
    const it = world();
    const provider = givenProvider(it.c, 'seller').id;
    expect(getProviderTrust(it.c, provider)).toMatchObject({
      value: { runs: 0, score: undefined, uptimePpm: undefined },
    });
    noteRun(it.c, { provider, outcome: 'ready' });
    measure(it, [UP, 0x555, UP, UP, UP]);
    expect(getProviderTrust(it.c, provider)).toMatchObject({
      value: { runs: 1, succeeded: 1, upSlots: 18 + 12, downSlots: 6, uptimePpm: 833_333 },
    });
    expect(getProviderTrust(it.c, 99 as typeof provider)).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });
});

describe('removeHealthRows', () => {
  it('leaves nothing of the rental behind, and may be done twice', () => {
    const it = world();
    measure(it, Array<number>(30).fill(UP));
    const { watches, days, statuses } = it.c.storage.health;
    endHealth(it.c, it.rental.id, it.c.runtime.now);
    expect(days.size()).toBe(2);
    removeHealthRows(it.c, it.rental.id);
    removeHealthRows(it.c, it.rental.id);
    expect([watches.size(), days.size(), statuses.size()]).toEqual([0, 0, 0]);
  });
});
