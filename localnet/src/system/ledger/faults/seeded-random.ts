const STEP = 0x6d2b79f5;
const RANGE = 0x1_0000_0000;

/** Small deterministic numbers for choosing faults; not for secrets. Algorithm: mulberry32. */
export class SeededRandom {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** Goes on the same way in another `SeededRandom`. */
  get state(): number {
    return this.#state;
  }

  /** At least 0 and less than 1. */
  next(): number {
    this.#state = (this.#state + STEP) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / RANGE;
  }
}
