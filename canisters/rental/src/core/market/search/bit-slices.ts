import { EMPTY, onlySlot, slotsOf, type BitSet } from './bit-set.ts';
import { bitTerm, NUMBER_BITS, type IndexNumber } from './index-entry.ts';

/** The sets of the index by name; empty where there is none. */
export interface BitSets {
  readonly of: (term: string) => BitSet;
}

/** Three parts of a set by how a number compares. */
export interface Compared {
  readonly below: BitSet;
  readonly equal: BitSet;
  readonly above: BitSet;
}

/** Splits a set by a number, bit by bit from the highest. */
export function compareBits(
  sets: BitSets,
  set: BitSet,
  than: { readonly number: IndexNumber; readonly value: number },
): Compared {
  const bits = NUMBER_BITS[than.number];
  if (than.value < 0) return { below: EMPTY, equal: EMPTY, above: set };
  if (than.value >= 2 ** bits) return { below: set, equal: EMPTY, above: EMPTY };
  let [below, equal, above] = [EMPTY, set, EMPTY];
  for (let bit = bits - 1; bit >= 0 && equal !== EMPTY; bit -= 1) {
    const ones = equal & sets.of(bitTerm(than.number, bit));
    if (Math.floor(than.value / 2 ** bit) % 2 === 1) {
      below |= equal ^ ones;
      equal = ones;
    } else {
      above |= ones;
      equal ^= ones;
    }
  }
  return { below, equal, above };
}

export interface Sorting {
  readonly number: IndexNumber;
  readonly order: 'ascending' | 'descending';
}

/**
 * The first slots of a set in the order of a number; equal ones in the order of slots. Walks only
 * down those halves that hold something, so it costs by the rows it gives.
 */
export function firstBy(
  sets: BitSets,
  set: BitSet,
  { number, order, limit }: Sorting & { readonly limit: number },
): readonly number[] {
  const found: number[] = [];
  const walk = (from: BitSet, fromBit: number): void => {
    let part = from;
    for (let bit = fromBit; bit >= 0; bit -= 1) {
      const ones = part & sets.of(bitTerm(number, bit));
      if (ones === EMPTY || ones === part) continue;
      const zeros = part - ones;
      take(order === 'ascending' ? zeros : ones, bit - 1);
      if (found.length >= limit) return;
      part = order === 'ascending' ? ones : zeros;
      const only = onlySlot(part);
      if (only === undefined) continue;
      found.push(only);
      return;
    }
    found.push(...slotsOf(part, limit - found.length));
  };
  const take = (part: BitSet, bit: number): void => {
    const only = onlySlot(part);
    if (only === undefined) walk(part, bit);
    else found.push(only);
  };
  if (set !== EMPTY && limit > 0) take(set, NUMBER_BITS[number] - 1);
  return found;
}
