/**
 * A set of offers: bit n stands for offer n. One number, because the engine works on whole numbers
 * of ten thousand bits natively: combining two costs as much as fifty function calls, shifting as
 * three.
 */
export type BitSet = bigint;

export const EMPTY: BitSet = 0n;

/** Half of a million bits, a quarter, …, 32: what is left then is an exact number. */
const HIGHEST_STEP = 2 ** 19;
const LOWEST_STEP = 2 ** 5;
const BITS_PER_DIGIT = 4;
/** Digits that are compared with zeros at once, and those of one exact number. */
const DIGITS_PER_PIECE = 48;
const DIGITS_PER_NUMBER = 6;
const ZEROS = '0'.repeat(DIGITS_PER_PIECE);

/** The set of these slots. */
export function bitSetOf(slots: readonly number[]): BitSet {
  let set = EMPTY;
  for (const slot of slots) set |= 1n << BigInt(slot);
  return set;
}

/**
 * The smallest slots of a set in order, at most `limit` of them. Works on the set's text, which is
 * made natively, and takes apart only what is not zero.
 */
export function slotsOf(set: BitSet, limit: number): number[] {
  const slots: number[] = [];
  if (set === EMPTY) return slots;
  const text = set.toString(16);
  for (let end = text.length; end > 0 && slots.length < limit; end -= DIGITS_PER_PIECE) {
    const piece = text.slice(Math.max(0, end - DIGITS_PER_PIECE), end);
    if (piece !== ZEROS) addSlots(slots, piece, (text.length - end) * BITS_PER_DIGIT);
  }
  return slots.slice(0, limit);
}

/** The largest slot of a set that is not empty. The same cost for all sets of up to a million. */
export function highestSlot(set: BitSet): number {
  let [rest, slot] = [set, 0];
  for (let step = HIGHEST_STEP; step >= LOWEST_STEP; step /= 2) {
    const above = rest >> BigInt(step);
    if (above === EMPTY) continue;
    rest = above;
    slot += step;
  }
  return slot + 31 - Math.clz32(Number(rest));
}

/** The only slot of a set; undefined if there are more. */
export function onlySlot(set: BitSet): number | undefined {
  const slot = highestSlot(set);
  return set === 1n << BigInt(slot) ? slot : undefined;
}

/** The part of a set that is above a slot. */
export function slotsAfter(set: BitSet, slot: number): BitSet {
  const shift = BigInt(slot) + 1n;
  const above = set >> shift;
  return above === EMPTY ? EMPTY : above << shift;
}

function addSlots(slots: number[], piece: string, first: number): void {
  for (let end = piece.length; end > 0; end -= DIGITS_PER_NUMBER) {
    let bits = Number.parseInt(piece.slice(Math.max(0, end - DIGITS_PER_NUMBER), end), 16);
    while (bits !== 0) {
      const lowest = bits & -bits;
      slots.push(first + (piece.length - end) * BITS_PER_DIGIT + 31 - Math.clz32(lowest));
      bits ^= lowest;
    }
  }
}
