/** Small deterministic generator (mulberry32); the seed is printed so that a run can be repeated. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0 and below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('BUG: nothing to pick from');
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }
}

/** The seed of this run: `FUZZ_SEED`, or a new one. */
export function runSeed(): number {
  const given = process.env['FUZZ_SEED'];
  return given === undefined ? Date.now() % 2 ** 32 : Number(given);
}
