import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { endOf, runningOf, withPeriod } from '../../core/rentals/periods.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type { Period } from '../../core/rentals/rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { queueFact } from '../treasury/fact-outbox.ts';

/**
 * Numbers a fact in the period that runs and puts it on its way to the treasury. What lies outside the
 * period is cut off; a fact of which nothing is left, or about a rental that is not running, is
 * dropped: it cannot concern the money. True if it was issued.
 */
export function issueFact(c: RentalCanister, rentalId: RentalId, fact: Fact): boolean {
  const { rentals } = c.storage.rentals;
  const rental = rentals.get(rentalId);
  const period = rental === undefined ? undefined : runningOf(rental.periods);
  if (rental === undefined || period === undefined) return false;
  const cut = cutToPeriod(fact, period);
  if (cut === undefined) return false;
  const { escrowId } = period;
  const seq = period.factSeq + 1;
  rentals.set(rentalId, {
    ...rental,
    periods: withPeriod(rental.periods, escrowId, { factSeq: seq }),
  });
  queueFact(c, { rentalId, escrowId, seq, fact: cut });
  return true;
}

function cutToPeriod(fact: Fact, period: Period): Fact | undefined {
  if (fact.kind !== 'outage') return fact;
  const startedAt = present(period.startedAt, 'a period that runs has started');
  const from = latest(fact.from, startedAt);
  const to = earliest(fact.to, endOf(period));
  return from < to ? { kind: 'outage', from, to } : undefined;
}

function latest(one: TimestampNs, other: TimestampNs): TimestampNs {
  return one > other ? one : other;
}

function earliest(one: TimestampNs, other: TimestampNs): TimestampNs {
  return one < other ? one : other;
}
