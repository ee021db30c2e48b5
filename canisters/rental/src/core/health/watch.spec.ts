import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { advance, type Advance, type Outage } from './advance.ts';
import { endPeriod } from './period-end.ts';
import { takeReport, type HourReport, type ReportCode } from './report.ts';
import {
  ALL,
  hourOf,
  maskOf,
  NO_SLOTS,
  SLOTS_PER_HOUR,
  slotAt,
  slotStart,
  statusAt,
  type SlotCounts,
} from './slots.ts';
import { finalSlotAt, newWatch, type Watch } from './watch.ts';

const FAR = timestampNs(2n ** 63n);
const START = 12 * 1_000 + 5;
const NAMES = ['platform', 'other platform', 'own', 'second own', 'third own'];
const isPlatform = (name: string) => name.includes('platform');

function watchFrom(at: TimestampNs, periodEndAt = FAR): Watch {
  return newWatch({ provider: 1 as AccountId, at, periodEndAt, dueAt: timestampNs(0n) });
}

/** A rental's watch with everything that it gave away, and the same kept slot by slot. */
class Pair {
  watch = watchFrom(slotStart(START));
  now = START;
  readonly finals = new Map<number, number>();
  readonly outages: Outage[] = [];
  // The model: who said what about which slot, and what was excluded.
  readonly said = new Map<string, number>();
  readonly excluded = new Set<number>();
  excludedFrom: number | undefined;
  modelFinal = START;
  readonly model = new Map<number, number>();

  tick(slots: number): void {
    this.now += slots;
    this.#advance();
  }

  report(name: string, report: HourReport): ReportCode {
    const who = { name, isPlatform: isPlatform(name) };
    const { code, watch } = takeReport(this.watch, who, report);
    this.watch = watch;
    if (code === 'accepted') this.#keep(name, report);
    return code;
  }

  exclude(isOn: boolean): void {
    if (isOn === (this.excludedFrom !== undefined)) return;
    if (isOn) {
      this.excludedFrom = this.now;
      this.watch = { ...this.watch, excludedFrom: this.now };
      return;
    }
    const range = { from: this.excludedFrom ?? this.now, to: this.now + 1 };
    for (let slot = range.from; slot < range.to; slot += 1) this.excluded.add(slot);
    this.excludedFrom = undefined;
    const base = hourOf(this.watch.finalSlot);
    const excluded = this.watch.excluded.map((mask, at) => mask | maskOf(base + at, range));
    this.watch = { ...this.watch, excluded, excludedFrom: undefined };
  }

  endPeriod(isLast: boolean): SlotCounts {
    const ended = endPeriod(this.watch, slotStart(this.now), isLast ? undefined : FAR);
    this.#finalise(this.now);
    this.#take(ended);
    return ended.summary;
  }

  #advance(): void {
    const to = finalSlotAt(this.watch, slotStart(this.now));
    if (to <= this.watch.finalSlot) return;
    this.#finalise(to);
    this.#take(advance(this.watch, to));
  }

  #take(advanced: Advance): void {
    this.watch = advanced.watch;
    for (const { hour, from, to, slots } of advanced.finals) {
      for (let slot = from; slot < to; slot += 1) {
        expect(this.finals.has(slot)).toBe(false);
        this.finals.set(slot, statusAt(slots, slot - hour * SLOTS_PER_HOUR));
      }
    }
    this.outages.push(...advanced.outages);
  }

  #keep(name: string, { hour, slots, upto }: HourReport): void {
    for (let index = 0; index < upto; index += 1) {
      const slot = hour * SLOTS_PER_HOUR + index;
      const status = statusAt(slots, index);
      if (status <= 1 && slot >= this.modelFinal) this.said.set(`${name} ${slot}`, status);
    }
  }

  #finalise(to: number): void {
    for (; this.modelFinal < to; this.modelFinal += 1) {
      this.model.set(this.modelFinal, this.#statusOf(this.modelFinal));
    }
  }

  #statusOf(slot: number): number {
    if (this.excluded.has(slot) || slot >= (this.excludedFrom ?? Infinity)) return 2;
    const votes = NAMES.map((name) => ({ name, status: this.said.get(`${name} ${slot}`) }));
    const known = votes.filter(({ status }) => status !== undefined);
    const platform = known.filter(({ name }) => isPlatform(name));
    const counting = platform.length > 0 ? platform : known;
    const up = counting.filter(({ status }) => status === 0).length;
    if (up * 2 === counting.length) return 3;
    return up * 2 > counting.length ? 0 : 1;
  }
}

type Action =
  | { readonly kind: 'tick'; readonly slots: number }
  | {
      readonly kind: 'report';
      readonly name: string;
      readonly back: number;
      readonly slots: number;
      readonly upto: number;
    }
  | { readonly kind: 'exclude'; readonly isOn: boolean }
  | { readonly kind: 'end-period' };

const someSlots = fc.oneof(
  fc.nat(ALL),
  fc.constantFrom(0, 0x555555, 0x000555, 0x555000, 0x041000, ALL),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('tick' as const),
      slots: fc.oneof(fc.nat(14), fc.nat(200)),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      name: fc.constantFrom(...NAMES),
      back: fc.nat(4),
      slots: someSlots,
      upto: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('exclude' as const), isOn: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end-period' as const) }) },
);

function run(pair: Pair, todo: Action): void {
  switch (todo.kind) {
    case 'tick':
      pair.tick(todo.slots);
      return;
    case 'report':
      pair.report(todo.name, { ...todo, hour: hourOf(pair.now) - todo.back });
      return;
    case 'exclude':
      pair.exclude(todo.isOn);
      return;
    case 'end-period':
      pair.endPeriod(false);
  }
}

/** The slots of all outages, in their order. */
function slotsOf(outages: readonly Outage[]): readonly number[] {
  return outages.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, index) => from + index),
  );
}

function downSlots(finals: ReadonlyMap<number, number>): readonly number[] {
  return [...finals].filter(([, status]) => status === 1).map(([slot]) => slot);
}

describe('a watch', () => {
  it('gives the same final slots as one that keeps every word about every slot', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const pair = new Pair();
        for (const todo of actions) run(pair, todo);
        pair.endPeriod(true);
        expect([...pair.finals]).toEqual([...pair.model]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives every down slot once as part of an outage, in the order of time', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const pair = new Pair();
        for (const todo of actions) {
          run(pair, todo);
          const unreported = downSlots(pair.finals).length - slotsOf(pair.outages).length;
          expect(unreported).toBeLessThan(6 * SLOTS_PER_HOUR);
        }
        pair.endPeriod(true);
        expect(slotsOf(pair.outages)).toEqual(downSlots(pair.finals));
      }),
      { numRuns: 500 },
    );
  });

  it('counts each period from its own final slots', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const pair = new Pair();
        let from = START;
        for (const todo of [...actions, { kind: 'end-period' } as const]) {
          if (todo.kind !== 'end-period') run(pair, todo);
          else {
            const { up, down, excluded } = pair.endPeriod(false);
            const inPeriod = [...pair.finals].filter(([slot]) => slot >= from);
            const of = (wanted: number) =>
              inPeriod.filter(([, status]) => status === wanted).length;
            expect([up, down, excluded]).toEqual([of(0), of(1), of(2)]);
            from = pair.watch.periodSlot;
            expect(from).toBe(pair.now);
          }
        }
      }),
    );
  });

  it('does not change by what was said already', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fc.nat(ALL), (actions, slots) => {
        const pair = new Pair();
        for (const todo of actions) run(pair, todo);
        const report = { hour: hourOf(pair.now), slots, upto: 12 };
        pair.report('own', report);
        const before = pair.watch;
        expect(pair.report('own', report)).toMatch(/^(duplicate|final)$/);
        expect(pair.watch).toBe(before);
      }),
    );
  });
});

describe('takeReport', () => {
  const up = (hour: number) => ({ hour, slots: 0, upto: 12 });

  it('takes the hour in progress and the two before it', () => {
    const pair = new Pair();
    pair.tick(120);
    const hour = hourOf(pair.now);
    expect([-3, -2, -1, 0, 1].map((off) => pair.report('own', up(hour + off)))).toEqual([
      'final',
      'accepted',
      'accepted',
      'accepted',
      'early',
    ]);
  });

  it('takes what becomes known and what is corrected, and forgets nothing', () => {
    const pair = new Pair();
    pair.tick(60);
    const hour = hourOf(pair.now);
    expect(pair.report('own', { hour, slots: 0, upto: 3 })).toBe('accepted');
    expect(pair.report('own', { hour, slots: ALL, upto: 12 })).toBe('duplicate');
    expect(pair.report('own', { hour, slots: 0xaaaaaa, upto: 12 })).toBe('duplicate');
    expect(pair.report('own', { hour, slots: 1, upto: 2 })).toBe('accepted');
    expect(pair.watch.reporters[0]?.hours.includes(0xffffc1)).toBe(true);
  });

  it('has no place for a seventh agent of the seller, but for one of the platform', () => {
    const pair = new Pair();
    const hour = hourOf(pair.now);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) expect(pair.report(name, up(hour))).toBe('accepted');
    expect(pair.report('g', up(hour))).toBe('crowded');
    expect(pair.report('platform', up(hour))).toBe('accepted');
    expect(pair.watch.reporters.map(({ name }) => name)).toEqual([
      'platform',
      'b',
      'c',
      'd',
      'e',
      'f',
    ]);
  });

  it('takes nothing once the rental is over', () => {
    const pair = new Pair();
    pair.tick(20);
    pair.endPeriod(true);
    expect(pair.report('platform', up(hourOf(pair.now)))).toBe('over');
  });
});

describe('finalSlotAt', () => {
  it('is the slot from which on hours may still be reported', () => {
    const watch = watchFrom(slotStart(0));
    expect(finalSlotAt(watch, slotStart(12 * 50))).toBe(12 * 48);
    expect(finalSlotAt(watch, slotStart(12 * 50 + 11))).toBe(12 * 48);
  });

  it('does not go beyond a period that was not ended yet', () => {
    const watch = watchFrom(slotStart(0), slotStart(12 * 48 - 7));
    expect(finalSlotAt(watch, slotStart(12 * 50))).toBe(12 * 48 - 7);
  });
});

describe('endPeriod', () => {
  /** Started an hour before a whole one, and reported as up until `known` slots before the end. */
  function ended(slots: number, known: number) {
    const watch = watchFrom(slotStart(START));
    const hour = hourOf(START);
    const who = { name: 'own', isPlatform: false };
    const end = START + slots;
    const report = { hour, slots: 0, upto: Math.min(end - known - hour * SLOTS_PER_HOUR, 12) };
    return endPeriod(takeReport(watch, who, report).watch, slotStart(end), undefined);
  }

  it('does not hold it against anybody that the last ten minutes are not reported yet', () => {
    expect(ended(7, 2).summary).toEqual({ up: 5, down: 0, excluded: 0, unknown: 0, unknownPpm: 0 });
    expect(ended(7, 3).summary).toMatchObject({ up: 4, unknown: 1, unknownPpm: 200_000 });
  });

  it('finds nothing unknown in no time at all', () => {
    const watch = watchFrom(timestampNs(1n));
    const { summary, outages, finals } = endPeriod(watch, timestampNs(2n), undefined);
    expect({ summary, outages, finals }).toEqual({
      summary: { ...NO_SLOTS, unknownPpm: 0 },
      outages: [],
      finals: [],
    });
  });

  it('leaves out the slot in which one period ends and the next begins', () => {
    const watch = watchFrom(slotStart(START));
    const at = timestampNs(slotStart(START + 3) + 1n);
    const next = endPeriod(watch, at, slotStart(START + 9)).watch;
    expect(slotAt(at)).toBe(START + 3);
    expect(next).toMatchObject({
      periodSlot: START + 4,
      periodEndSlot: START + 9,
      finalSlot: START + 4,
      counts: NO_SLOTS,
    });
  });
});
