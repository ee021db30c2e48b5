import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterProbe,
  isBlamed,
  newWatch,
  PROBE_EVERY_MS,
  type EndedProbe,
  type Seen,
  type Watch,
} from './probe-watch.ts';
import { SlotBook, SLOT_MS } from './slot-book.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Each probe is tried twice; a try that is lost takes its whole time. */
const TRY_MS = 3_000;
const TRIES = 2;
const UP = 0;
const DOWN = 1;
const UNKNOWN = 3;

/** A clock, a line that loses tries, and one machine that is watched over it. */
class Simulation {
  readonly flips: { readonly to: string; readonly atMs: number }[] = [];
  readonly book = new SlotBook();
  readonly #random: () => number;
  readonly #isUpAt: (atMs: number) => boolean;
  readonly #isCutOffAt: (atMs: number) => boolean;
  readonly #lossShare: number;
  watch: Watch;

  constructor(options: {
    readonly seed: number;
    readonly lossShare: number;
    readonly isUpAt?: (atMs: number) => boolean;
    /** The prober has no network: what it tries fails at once, and nobody else is heard. */
    readonly isCutOffAt?: (atMs: number) => boolean;
  }) {
    let state = options.seed;
    this.#random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
    };
    this.#lossShare = options.lossShare;
    this.#isUpAt = options.isUpAt ?? (() => true);
    this.#isCutOffAt = options.isCutOffAt ?? (() => false);
    this.watch = newWatch(0, this.#random());
  }

  /** `isAwake`: whether the prober runs; what falls due meanwhile comes late. */
  run(untilMs: number, isAwake: (atMs: number) => boolean = () => true): void {
    for (;;) {
      let atMs = this.watch.nextAtMs;
      while (!isAwake(atMs)) atMs += MINUTE_MS;
      if (atMs >= untilMs) return;
      const { seen, endMs } = this.#probe(atMs);
      const heardAtMs = this.#heardAtMs(endMs);
      const probe: EndedProbe = { seen, atMs: endMs, heardAtMs, random: this.#random() };
      const { watch, flip } = afterProbe(this.watch, probe);
      this.watch = watch;
      if (flip !== undefined) this.flips.push({ to: flip, atMs: endMs });
      if (seen === 'hit') this.book.answered(endMs);
      else if (isBlamed(watch, probe)) this.book.wasDown(endMs);
    }
  }

  /** Others answer every second. */
  #heardAtMs(atMs: number): number {
    let heardAtMs = atMs;
    while (heardAtMs > 0 && this.#isCutOffAt(heardAtMs)) heardAtMs -= 1_000;
    return heardAtMs;
  }

  #probe(atMs: number): { readonly seen: Seen; readonly endMs: number } {
    if (this.#isCutOffAt(atMs)) return { seen: 'miss', endMs: atMs };
    for (let tried = 1; tried <= TRIES; tried += 1) {
      const isLost = this.#random() < this.#lossShare;
      const endMs = atMs + tried * TRY_MS;
      if (!isLost && this.#isUpAt(endMs)) return { seen: 'hit', endMs };
    }
    return { seen: 'miss', endMs: atMs + TRIES * TRY_MS };
  }
}

/** Of all hours that are over. */
function slotsOf(book: SlotBook, hour: number): readonly number[] {
  const row = book.rows((hour + 1) * HOUR_MS).find((one) => one.hour === hour);
  return Array.from({ length: 12 }, (_, index) => ((row?.slots ?? 0xffffff) >> (2 * index)) & 3);
}

function probed(seen: Seen, atMs: number): EndedProbe {
  return { seen, atMs, heardAtMs: atMs, random: 0.5 };
}

describe('a watch', () => {
  it('takes a thousand machines through a day with 5 % loss without one false alarm', () => {
    const wrong: unknown[] = [];
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const simulation = new Simulation({ seed, lossShare: 0.05 });
      for (let hour = 0; hour < 24; hour += 1) {
        simulation.run((hour + 1) * HOUR_MS);
        const slots = slotsOf(simulation.book, hour);
        // The first probe may come a minute late.
        if (slots.some((slot) => slot !== UP)) wrong.push({ seed, hour, slots });
      }
      if (simulation.flips.length > 0) wrong.push({ seed, flips: simulation.flips });
    }
    expect(wrong).toEqual([]);
  });

  it('sees an outage within two minutes, whenever it begins, and its end soon after', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 10 * MINUTE_MS, max: 2 * HOUR_MS }),
        (seed, beginsAtMs) => {
          const endsAtMs = beginsAtMs + 20 * MINUTE_MS;
          const isUpAt = (atMs: number): boolean => atMs < beginsAtMs || atMs >= endsAtMs;
          const simulation = new Simulation({ seed, lossShare: 0, isUpAt });
          simulation.run(endsAtMs + 10 * MINUTE_MS);
          expect(simulation.flips.map(({ to }) => to)).toEqual(['down', 'up']);
          const [went, came] = simulation.flips;
          expect((went?.atMs ?? Infinity) - beginsAtMs).toBeLessThanOrEqual(2 * MINUTE_MS);
          expect((came?.atMs ?? Infinity) - endsAtMs).toBeLessThanOrEqual(MINUTE_MS);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('counts the slots of an outage as down and those around it as up', () => {
    const isUpAt = (atMs: number): boolean => atMs < 3 * SLOT_MS || atMs >= 6 * SLOT_MS;
    const simulation = new Simulation({ seed: 5, lossShare: 0, isUpAt });
    simulation.run(HOUR_MS);
    expect(slotsOf(simulation.book, 0)).toEqual([
      ...[UP, UP, UP, DOWN, DOWN, DOWN],
      ...[UP, UP, UP, UP, UP, UP],
    ]);
  });

  it('knows nothing of the time in which the prober slept, and blames nobody for it', () => {
    const simulation = new Simulation({ seed: 9, lossShare: 0 });
    simulation.run(HOUR_MS, (atMs) => atMs < 3 * SLOT_MS || atMs >= 9 * SLOT_MS);
    expect(simulation.flips).toEqual([]);
    expect(slotsOf(simulation.book, 0).slice(3, 9)).toEqual(Array(6).fill(UNKNOWN));
  });

  it('is never wrong about a machine because the prober itself is cut off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 10 * MINUTE_MS, max: HOUR_MS }),
        fc.integer({ min: 1_000, max: 3 * HOUR_MS }),
        (seed, beginsAtMs, lastsMs) => {
          const isCutOffAt = (atMs: number): boolean =>
            atMs >= beginsAtMs && atMs < beginsAtMs + lastsMs;
          const simulation = new Simulation({ seed, lossShare: 0.05, isCutOffAt });
          for (let hour = 0; hour < 5; hour += 1) {
            simulation.run((hour + 1) * HOUR_MS);
            expect(slotsOf(simulation.book, hour)).not.toContain(DOWN);
          }
          expect(simulation.flips).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('blames a machine that is down for what was seen with open eyes only', () => {
    const isUpAt = (atMs: number): boolean => atMs < 3 * SLOT_MS;
    const isCutOffAt = (atMs: number): boolean => atMs >= 6 * SLOT_MS && atMs < 9 * SLOT_MS;
    const simulation = new Simulation({ seed: 3, lossShare: 0, isUpAt, isCutOffAt });
    simulation.run(HOUR_MS);
    const slots = slotsOf(simulation.book, 0);
    expect(slots.slice(3, 6)).toEqual([DOWN, DOWN, DOWN]);
    expect(slots.slice(7, 9)).toEqual([UNKNOWN, UNKNOWN]);
    expect(slots.slice(9)).toEqual([DOWN, DOWN, DOWN]);
  });

  it('does not make a streak of misses that lie far apart', () => {
    let watch = newWatch(0, 0);
    for (let count = 0; count < 50; count += 1) {
      const atMs = watch.nextAtMs + 10 * MINUTE_MS;
      const step = afterProbe(watch, probed('miss', atMs));
      expect(step.flip).toBeUndefined();
      watch = step.watch;
    }
  });

  it('learns nothing from a probe that could not be made', () => {
    const suspect = afterProbe(newWatch(0, 0), probed('miss', 0)).watch;
    const blind = afterProbe(suspect, probed('blind', 1));
    expect(blind).toEqual({ watch: { ...suspect, nextAtMs: 1 + PROBE_EVERY_MS }, flip: undefined });
  });

  it('wants a second answer before it says that a machine is up again', () => {
    const down: Watch = { kind: 'down', nextAtMs: 0 };
    const hopeful = afterProbe(down, probed('hit', 0));
    expect(hopeful.flip).toBeUndefined();
    expect(afterProbe(hopeful.watch, probed('miss', 1)).watch.kind).toBe('down');
    expect(afterProbe(hopeful.watch, probed('hit', 1)).flip).toBe('up');
  });
});

describe('SlotBook', () => {
  it('tells slots that are over, and tells them once', () => {
    const book = new SlotBook();
    book.answered(10);
    expect(book.rows(SLOT_MS - 1)).toEqual([]);
    const rows = book.rows(SLOT_MS);
    expect(rows).toEqual([{ hour: 0, slots: 0xfffffc, upto: 1 }]);
    for (const row of rows) book.settle(row);
    expect(book.rows(SLOT_MS)).toEqual([]);
    expect(book.rows(2 * SLOT_MS)).toEqual([]);
    book.wasDown(SLOT_MS);
    expect(book.rows(2 * SLOT_MS)).toEqual([{ hour: 0, slots: 0xfffff4, upto: 2 }]);
  });

  it('forgets hours that are final', () => {
    const book = new SlotBook();
    book.answered(0);
    expect(book.rows(3 * HOUR_MS - 1)).toHaveLength(1);
    expect(book.rows(3 * HOUR_MS)).toEqual([]);
  });

  it('lets one answer make a slot up, whatever else was seen in it', () => {
    const book = new SlotBook();
    book.wasDown(0);
    book.answered(1);
    book.wasDown(2);
    expect(book.rows(SLOT_MS)[0]?.slots).toBe(0xfffffc);
  });
});
