import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { NOTHING_SEEN, type Flip } from '../../core/health/machine-status.ts';
import {
  addCounts,
  SLOTS_PER_DAY,
  slotAt,
  slotStart,
  type SlotCounts,
} from '../../core/health/slots.ts';
import { newTrust, scoreOf, uptimeShare, type ProviderTrust } from '../../core/health/trust.ts';
import { allowedDowntime, uptimeOf, type Uptime } from '../../core/health/uptime.ts';
import type { Watch } from '../../core/health/watch.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { countIn, daysOf, type SlotRange } from './health-days.ts';
import { readableRental } from './readable-rental.ts';

const STRIP_DAYS = 90;
const MAX_DAYS = 31;
const PPM = 1_000_000;

/** From when to when a rental was measured, and what of it cannot change any more. */
export interface MeasuredTime {
  readonly from: TimestampNs;
  /** The end of the last slot that is over. */
  readonly to: TimestampNs;
  readonly finalTo: TimestampNs;
}

export interface DayCounts extends SlotCounts {
  /** Since 1970. */
  readonly day: number;
}

export interface PeriodUptime extends Uptime {
  /** The first row of the SLA; undefined without one. */
  readonly belowPpm: number | undefined;
  /** How much longer it may be down in this period before that row applies. */
  readonly allowedDowntimeNs: DurationNs | undefined;
}

export interface UptimeReport {
  readonly measured: MeasuredTime;
  /** The last change; without one it is up since it was ready. */
  readonly lastFlip: Flip | undefined;
  /** Off or being worked on by the renter's order. */
  readonly isExcluded: boolean;
  readonly hours24: Uptime;
  readonly days7: Uptime;
  readonly days30: Uptime;
  readonly days90: Uptime;
  /** The paid period that runs, or the last one. */
  readonly period: PeriodUptime;
  /** The last 90 days of UTC at most, oldest first. */
  readonly days: readonly DayCounts[];
}

/** For the renter, the seller, the seller's agents and the operator. */
export function getUptime(
  c: RentalCanister,
  rentalId: RentalId,
): Result<UptimeReport, RentalError> {
  const readable = watchFor(c, rentalId);
  if (readable.kind === 'err') return readable;
  const watch = readable.value;
  const to = measuredTo(c, watch);
  const last = (days: number): SlotRange => ({
    from: Math.max(to - days * SLOTS_PER_DAY, watch.fromSlot),
    to,
  });
  const days = daysOf(c, { rentalId, watch, range: last(STRIP_DAYS) });
  const { flip } = c.storage.health.statuses.get(rentalId) ?? NOTHING_SEEN;
  const uptimeIn = (count: number): Uptime => uptimeOf(countIn(days, last(count)));
  return ok({
    measured: timeOf(watch, to),
    lastFlip: flip,
    isExcluded: watch.excludedFrom !== undefined,
    hours24: uptimeIn(1),
    days7: uptimeIn(7),
    days30: uptimeIn(30),
    days90: uptimeIn(STRIP_DAYS),
    period: periodUptime(c, { rentalId, watch, to }),
    days: days.map(({ number, counts }) => ({ day: number, ...counts })),
  });
}

export interface HealthSlots {
  readonly measured: MeasuredTime;
  readonly days: readonly { readonly day: number; readonly slots: Uint8Array }[];
}

/**
 * The slots themselves, so that everybody entitled can compute the uptime anew. Days outside of the
 * time that was measured are left out.
 */
export function getHealthSlots(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly day: number; readonly count: number },
): Result<HealthSlots, RentalError> {
  const { rentalId, day, count } = asked;
  if (count < 1 || count > MAX_DAYS) {
    return invalidArgument({ argument: 'count', rule: `must be between 1 and ${MAX_DAYS}` });
  }
  const readable = watchFor(c, rentalId);
  if (readable.kind === 'err') return readable;
  const watch = readable.value;
  const to = measuredTo(c, watch);
  const range = {
    from: Math.max(day * SLOTS_PER_DAY, watch.fromSlot),
    to: Math.min((day + count) * SLOTS_PER_DAY, to),
  };
  const days = range.from < range.to ? daysOf(c, { rentalId, watch, range }) : [];
  const slots = days.map((one) => ({ day: one.number, slots: one.slots }));
  return ok({ measured: timeOf(watch, to), days: slots });
}

/** For anybody. */
export function getProviderTrust(
  c: RentalCanister,
  provider: AccountId,
): Result<ProviderTrust, RentalError> {
  const seller = c.storage.accounts.providers.get(provider);
  if (seller === undefined) {
    return refuse({ kind: 'not-found' }, 'There is no such seller. Look at the number again.');
  }
  const record = c.storage.health.trust.get(provider) ?? newTrust(seller.createdAt);
  const { runs, succeeded, cancelled, upSlots, downSlots, since } = record;
  const share = uptimeShare(record);
  const uptimePpm = share === undefined ? undefined : Math.round(share * PPM);
  const numbers = { runs, succeeded, cancelled, upSlots, downSlots, since, uptimePpm };
  return ok({ provider, ...numbers, score: scoreOf(record) });
}

function watchFor(c: RentalCanister, rentalId: RentalId): Result<Watch, RentalError> {
  const rental = readableRental(c, rentalId);
  if (rental.kind === 'err') return rental;
  const watch = c.storage.health.watches.get(rentalId);
  if (watch !== undefined) return ok(watch);
  return refuse(
    { kind: 'wrong-state', state: rental.value.state.kind },
    'This rental was never ready, so nothing was measured. Checks begin when it is.',
  );
}

/** The slot after the last one that is over. */
function measuredTo(c: RentalCanister, watch: Watch): number {
  return Math.max(watch.endSlot ?? slotAt(c.runtime.time()), watch.fromSlot);
}

function timeOf(watch: Watch, to: number): MeasuredTime {
  const { fromSlot, finalSlot } = watch;
  return {
    from: slotStart(fromSlot),
    to: slotStart(to),
    finalTo: slotStart(Math.min(finalSlot, to)),
  };
}

function periodUptime(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly watch: Watch; readonly to: number },
): PeriodUptime {
  const { rentalId, watch, to } = asked;
  const open = { from: Math.max(watch.finalSlot, watch.periodSlot), to };
  const openDays = open.from < to ? daysOf(c, { rentalId, watch, range: open }) : [];
  const counts = addCounts(watch.counts, countIn(openDays, open));
  const { rentals, terms } = c.storage.rentals;
  const belowPpm = present(terms.get(rentalId), 'a rental without terms').slaCredits[0]?.belowPpm;
  const { periods } = present(rentals.get(rentalId), 'a rental that is not stored');
  const period = periods.findLast(({ startedAt }) => startedAt !== undefined);
  const termNs = period?.termNs;
  const allowedDowntimeNs =
    termNs === undefined
      ? undefined
      : allowedDowntime({ termNs, downSlots: counts.down, belowPpm });
  return { ...uptimeOf(counts), belowPpm, allowedDowntimeNs };
}
