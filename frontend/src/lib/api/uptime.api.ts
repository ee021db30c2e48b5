import type { DaySlots } from '../services/uptime.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

const DAYS_AT_ONCE = 31;

/** Undefined for a rental that was never ready: nothing was measured. */
export async function readUptime(
  { rental }: Pick<Actors, 'rental'>,
  rentalId: bigint,
): Promise<Rental.UptimeReport | undefined> {
  return okUnless('WrongState', await rental.get_uptime(rentalId));
}

/** The checks themselves, of the days from `from` to before `to`; those not measured are left out. */
export async function readSlots(
  { rental }: Pick<Actors, 'rental'>,
  asked: { readonly rentalId: bigint; readonly from: number; readonly to: number },
): Promise<readonly DaySlots[]> {
  const days: DaySlots[] = [];
  for (let day = asked.from; day < asked.to; day += DAYS_AT_ONCE) {
    const count = Math.min(DAYS_AT_ONCE, asked.to - day);
    const read = okOf(await rental.get_health_slots({ rental_id: asked.rentalId, day, count }));
    days.push(...read.days);
  }
  return days;
}
