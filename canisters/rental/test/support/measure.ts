import { BRIDGE } from './market.ts';
import { okOf } from './ok-of.ts';
import { HOUR_NS, MINUTE_NS, type RentalWorld } from './rental-world.ts';

export const SLOT_NS = 5n * MINUTE_NS;
const DOWN = 1;
const OPEN_HOURS = 3n;

/** From and to in nanoseconds. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * The platform's agent reports everything about the open hours that is over: up, and down in whole
 * slots that lie in `down`. Gives the answers' codes.
 */
export function measure(r: RentalWorld, rentalId: bigint, down?: Span): readonly number[] {
  const now = r.world.timeNs;
  const current = now / HOUR_NS;
  const rows = [];
  for (let hour = current - OPEN_HOURS + 1n; hour <= current; hour += 1n) {
    const start = hour * HOUR_NS;
    const over = (now - start) / SLOT_NS;
    const upto = Number(over < 12n ? over : 12n);
    if (upto === 0) continue;
    let slots = 0;
    for (let slot = 0; slot < upto; slot += 1) {
      const from = start + BigInt(slot) * SLOT_NS;
      const isDown = down !== undefined && from >= down.from && from + SLOT_NS <= down.to;
      if (isDown) slots |= DOWN << (2 * slot);
    }
    rows.push({ rental_id: rentalId, hour: Number(hour), slots, upto });
  }
  return [...okOf(r.as(BRIDGE).report_health(rows))];
}
