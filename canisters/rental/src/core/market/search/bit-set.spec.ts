import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitSetOf, EMPTY, highestSlot, onlySlot, slotsAfter, slotsOf } from './bit-set.ts';

const slotSets = fc
  .uniqueArray(fc.oneof(fc.nat(70), fc.nat(20_000)), { maxLength: 40 })
  .map((slots) => slots.sort((a, b) => a - b));

describe('bit sets', () => {
  it('give their slots in order, as many as asked for', () => {
    fc.assert(
      fc.property(slotSets, fc.nat(50), (slots, limit) => {
        expect(slotsOf(bitSetOf(slots), limit)).toEqual(slots.slice(0, limit));
      }),
    );
  });

  it('know their highest slot, and whether it is the only one', () => {
    fc.assert(
      fc.property(slotSets, (slots) => {
        fc.pre(slots.length > 0);
        expect(highestSlot(bitSetOf(slots))).toBe(slots.at(-1));
        expect(onlySlot(bitSetOf(slots))).toBe(slots.length === 1 ? slots[0] : undefined);
      }),
    );
    expect(highestSlot(1n << 999_999n)).toBe(999_999);
  });

  it('give what is above a slot, whatever its number', () => {
    fc.assert(
      fc.property(slotSets, fc.nat(20_001), (slots, after) => {
        expect(slotsAfter(bitSetOf(slots), after)).toBe(bitSetOf(slots.filter((s) => s > after)));
      }),
    );
    expect(slotsAfter(bitSetOf([1, 2]), Number.MAX_SAFE_INTEGER)).toBe(EMPTY);
  });
});
