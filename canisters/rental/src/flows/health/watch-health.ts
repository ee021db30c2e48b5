import { MAX_UNKNOWN_PPM } from '@decent-cloud/domain/fees.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { endPeriod } from '../../core/health/period-end.ts';
import { maskOf, hourOf, NO_SLOTS, slotAt, type HealthSummary } from '../../core/health/slots.ts';
import { newWatch, type Watch } from '../../core/health/watch.ts';
import { noticeWords } from '../../core/notifications/words.ts';
import { endOf, nextPaid, runningOf } from '../../core/rentals/periods.ts';
import { DUE_RENTAL } from '../../storage/health/health-storage.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { issueFact } from '../rentals/issue-fact.ts';
import { applyAdvance } from './apply-advance.ts';
import { broughtUpToDate, LOOK_EVERY_NS, recordSlots } from './bring-up-to-date.ts';

/** From `at` on, time is measured. The rental is stored already; once for each, when it becomes active. */
export function startHealth(c: RentalCanister, rentalId: RentalId, at: TimestampNs): void {
  const { watches, due } = c.storage.health;
  const rental = present(c.storage.rentals.rentals.get(rentalId), 'a rental that is not stored');
  const dueAt = after(c.runtime.time(), LOOK_EVERY_NS);
  const period = present(runningOf(rental.periods), 'a rental that is measured has a period');
  const periodEndAt = endOf(period);
  watches.set(rentalId, newWatch({ provider: rental.provider, at, periodEndAt, dueAt }));
  due.schedule([DUE_RENTAL, rentalId], dueAt);
}

/**
 * Stops measuring at `at`: everything before is final at once. Issues the outages that are not
 * reported yet and `unproven`, in this order: call it before `ended` is issued. Harmless without a start.
 */
export function endHealth(c: RentalCanister, rentalId: RentalId, at: TimestampNs): HealthSummary {
  const { watches, due, statuses } = c.storage.health;
  const watch = watches.get(rentalId);
  if (watch?.dueAt !== undefined) due.cancel([DUE_RENTAL, rentalId], watch.dueAt);
  const { summary, watch: ended } = closePeriod(c, rentalId, { at, nextEndAt: undefined });
  if (ended !== undefined) watches.set(rentalId, { ...ended, dueAt: undefined });
  statuses.remove(rentalId);
  return summary;
}

/**
 * As `endHealth` for the period that ends at `at`; measuring goes on into the next paid one, which does
 * not run yet.
 */
export function endHealthPeriod(
  c: RentalCanister,
  rentalId: RentalId,
  at: TimestampNs,
): HealthSummary {
  const { periods } = present(c.storage.rentals.rentals.get(rentalId), 'a rental not stored');
  const { termNs } = present(nextPaid(periods), 'no paid period follows');
  const { summary, watch } = closePeriod(c, rentalId, { at, nextEndAt: after(at, termNs) });
  if (watch !== undefined) c.storage.health.watches.set(rentalId, watch);
  return summary;
}

/**
 * Tells from when the renter's power-off or an operation keeps the machine from being measured, and
 * when that is over. Call it after every transition of an active rental: nothing is written if nothing
 * changed.
 */
export function excludeHealth(
  c: RentalCanister,
  change: {
    readonly rentalId: RentalId;
    readonly isExcluded: boolean;
    readonly at: TimestampNs;
  },
): void {
  const { rentalId, isExcluded, at } = change;
  const stored = c.storage.health.watches.get(rentalId);
  if (stored === undefined || stored.endSlot !== undefined) return;
  if (isExcluded === (stored.excludedFrom !== undefined)) return;
  const watch = broughtUpToDate(c, { rentalId, watch: stored });
  const next = isExcluded ? { ...watch, excludedFrom: slotAt(at) } : withExcluded(watch, at);
  c.storage.health.watches.set(rentalId, next);
}

const NOTHING_MEASURED: HealthSummary = { ...NO_SLOTS, unknownPpm: 0 };

function closePeriod(
  c: RentalCanister,
  rentalId: RentalId,
  end: { readonly at: TimestampNs; readonly nextEndAt: TimestampNs | undefined },
): { readonly summary: HealthSummary; readonly watch: Watch | undefined } {
  const watch = c.storage.health.watches.get(rentalId);
  if (watch === undefined || watch.endSlot !== undefined) {
    return { summary: NOTHING_MEASURED, watch };
  }
  const ended = endPeriod(watch, end.at, end.nextEndAt);
  applyAdvance(c, rentalId, { advance: ended, noteSlots: recordSlots(c) });
  const { unknownPpm } = ended.summary;
  if (unknownPpm > MAX_UNKNOWN_PPM) tellUnproven(c, { rentalId, unknownPpm, at: end.at });
  return ended;
}

function tellUnproven(
  c: RentalCanister,
  lack: { readonly rentalId: RentalId; readonly unknownPpm: number; readonly at: TimestampNs },
): void {
  const { rentalId, unknownPpm, at } = lack;
  issueFact(c, rentalId, { kind: 'unproven', unknownPpm });
  const { rentals, terms } = c.storage.rentals;
  const { renter, provider } = present(rentals.get(rentalId), 'a rental that is not stored');
  const title = present(terms.get(rentalId), 'a rental without terms').offeringTitle;
  const words = noticeWords('sla-unproven', { rentalId, title, unknownPpm });
  const eventKey = `sla-unproven:${rentalId}:${at.toString()}`;
  const recipients = renter === provider ? [renter] : [renter, provider];
  for (const recipient of recipients) {
    notify(c, { recipient, kind: 'sla-unproven', rentalId, ...words, eventKey });
  }
}

/** The time that was excluded until `at`, its last slot too, as masks of the open hours. */
function withExcluded(watch: Watch, at: TimestampNs): Watch {
  const base = hourOf(watch.finalSlot);
  const range = { from: watch.excludedFrom ?? slotAt(at), to: slotAt(at) + 1 };
  const excluded = watch.excluded.map((mask, index) => mask | maskOf(base + index, range));
  return { ...watch, excluded, excludedFrom: undefined };
}
