import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import {
  ALL,
  choose,
  countSlots,
  DOWN,
  downMask,
  filled,
  hourOfDay,
  knownMask,
  maskOf,
  setHourOfDay,
  SLOT_NS,
  slotAt,
  slotFrom,
  SLOTS_PER_HOUR,
  slotStart,
  statusAt,
  unknownDay,
  type HourSlots,
} from './slots.ts';

const indexes = Array.from({ length: SLOTS_PER_HOUR }, (_, index) => index);
const anyHour: fc.Arbitrary<HourSlots> = fc.nat(ALL);
const anyRange = fc.tuple(fc.integer({ min: -30, max: 60 }), fc.integer({ min: -30, max: 60 }));

describe('slots of an hour', () => {
  it('are counted as a loop counts them', () => {
    fc.assert(
      fc.property(anyHour, anyRange, (slots, [from, to]) => {
        const inside = indexes.filter((index) => 12 + index >= from && 12 + index < to);
        const of = (status: number) =>
          inside.filter((index) => statusAt(slots, index) === status).length;
        expect(countSlots(slots, maskOf(1, { from, to }))).toEqual({
          up: of(0),
          down: of(1),
          excluded: of(2),
          unknown: of(3),
        });
      }),
    );
  });

  it('are masked where they are known, and where they are down', () => {
    fc.assert(
      fc.property(anyHour, (slots) => {
        for (const index of indexes) {
          const status = statusAt(slots, index);
          expect(statusAt(knownMask(slots), index)).toBe(status <= DOWN ? 3 : 0);
          expect(statusAt(downMask(slots), index)).toBe(status === DOWN ? 3 : 0);
        }
      }),
    );
  });

  it('are chosen slot by slot', () => {
    fc.assert(
      fc.property(anyHour, anyHour, anyRange, (inside, outside, [from, to]) => {
        const chosen = choose(maskOf(0, { from, to }), inside, outside);
        for (const index of indexes) {
          const source = index >= from && index < to ? inside : outside;
          expect(statusAt(chosen, index)).toBe(statusAt(source, index));
        }
      }),
    );
  });

  it.each([0, 1, 2, 3] as const)('are filled with %i', (status) => {
    const mask = maskOf(0, { from: 3, to: 7 });
    const wanted = indexes.map((index) => (index >= 3 && index < 7 ? status : 0));
    expect(indexes.map((index) => statusAt(filled(mask, status), index))).toEqual(wanted);
  });

  it('stand in a day with the first slot in the lowest bits of the first byte', () => {
    const day = unknownDay();
    setHourOfDay(day, 1, 0b01_00_10);
    expect([...day.subarray(0, 8)]).toEqual([255, 255, 255, 0b010010, 0, 0, 255, 255]);
    fc.assert(
      fc.property(anyHour, fc.nat(23), (slots, hour) => {
        setHourOfDay(day, hour, slots);
        expect(hourOfDay(day, hour)).toBe(slots);
      }),
    );
  });
});

describe('times of slots', () => {
  it('begin at the slot, and the next whole one is not before', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (ns) => {
        const at = timestampNs(ns);
        expect(slotStart(slotAt(at)) <= at && at < slotStart(slotAt(at)) + SLOT_NS).toBe(true);
        expect(slotStart(slotFrom(at)) >= at && at > slotStart(slotFrom(at)) - SLOT_NS).toBe(true);
      }),
    );
  });
});
