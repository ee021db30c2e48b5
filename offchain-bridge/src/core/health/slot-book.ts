/** Health is counted in slots of five minutes; twelve make an hour of UTC. */
export const SLOT_MS = 300_000;
const SLOTS_PER_HOUR = 12;
const HOUR_MS = SLOT_MS * SLOTS_PER_HOUR;
const UP = 0;
const DOWN = 1;
const UNKNOWN = 3;
const BITS = 2;
/** An hour is final two hours after its end: older ones are of no use to anybody. */
const HOURS_KEPT = 3;

type Slot = typeof UP | typeof DOWN | typeof UNKNOWN;

export interface SlotRow {
  /** Hours since 1970. */
  readonly hour: number;
  /** Two bits each, the first slot in the lowest. */
  readonly slots: number;
  /** How many slots of the hour are over. */
  readonly upto: number;
}

/**
 * What was seen of one machine, in slots. A slot in which it answered at all is up; one in which it never
 * did and was known to be down is down; every other one is unknown. Times are the canister's.
 */
export class SlotBook {
  readonly #hours = new Map<number, Slot[]>();
  readonly #told = new Map<number, number>();

  answered(atMs: number): void {
    this.#set(atMs, () => UP);
  }

  /** It was confirmed to be down at that time. */
  wasDown(atMs: number): void {
    this.#set(atMs, (before) => (before === UP ? UP : DOWN));
  }

  /** What the canister does not know yet of slots that are over. */
  rows(nowMs: number): readonly SlotRow[] {
    this.#forget(nowMs);
    return [...this.#hours]
      .map(([hour, slots]) => rowOf(hour, slots, nowMs))
      .filter((row) => row.upto > 0 && isKnown(row) && this.#told.get(row.hour) !== row.slots);
  }

  /** The canister has taken that row in, or never will. */
  settle(row: SlotRow): void {
    this.#told.set(row.hour, row.slots);
  }

  #set(atMs: number, change: (before: Slot) => Slot): void {
    const hour = Math.floor(atMs / HOUR_MS);
    const slots =
      this.#hours.get(hour) ?? Array.from({ length: SLOTS_PER_HOUR }, (): Slot => UNKNOWN);
    const index = Math.floor((atMs % HOUR_MS) / SLOT_MS);
    slots[index] = change(slots[index] ?? UNKNOWN);
    this.#hours.set(hour, slots);
  }

  #forget(nowMs: number): void {
    const oldest = Math.floor(nowMs / HOUR_MS) - HOURS_KEPT + 1;
    for (const hour of this.#hours.keys()) if (hour < oldest) this.#hours.delete(hour);
    for (const hour of this.#told.keys()) if (hour < oldest) this.#told.delete(hour);
  }
}

function rowOf(hour: number, slots: readonly Slot[], nowMs: number): SlotRow {
  const over = Math.floor((nowMs - hour * HOUR_MS) / SLOT_MS);
  const upto = Math.max(0, Math.min(SLOTS_PER_HOUR, over));
  const bits = slots.reduce<number>(
    (sum, slot, index) => sum | ((index < upto ? slot : UNKNOWN) << (index * BITS)),
    0,
  );
  return { hour, slots: bits, upto };
}

/** A row of nothing but unknown slots says nothing. */
function isKnown({ slots }: SlotRow): boolean {
  return slots !== (1 << (SLOTS_PER_HOUR * BITS)) - 1;
}
