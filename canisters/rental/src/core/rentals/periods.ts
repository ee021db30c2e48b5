import { present } from '@decent-cloud/domain/assert.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';
import type { Period, Rental } from './rental.ts';

type Periods = readonly Period[];

/** The one that is used now; exactly one while the rental is active, and none otherwise. */
export function runningOf(periods: Periods): Period | undefined {
  return periods.find(({ status }) => status === 'running');
}

/** End of a period that started. */
export function endOf({ startedAt, termNs }: Period): TimestampNs {
  return after(present(startedAt, 'a period that runs has started'), termNs);
}

/** The extension that follows when the running period is over. */
export function nextPaid(periods: Periods): Period | undefined {
  return periods.find(({ status }) => status === 'paid');
}

/** Until when an active rental is paid. */
export function paidUntil(periods: Periods): TimestampNs {
  const running = present(runningOf(periods), 'an active rental has a period that runs');
  return periods
    .filter(({ status }) => status === 'paid')
    .reduce((end, { termNs }) => after(end, termNs), endOf(running));
}

export function periodOf({ periods }: Rental, escrowId: EscrowId): Period | undefined {
  return periods.find((period) => period.escrowId === escrowId);
}

/** With other values of one period. */
export function withPeriod(
  periods: Periods,
  escrowId: EscrowId,
  change: Partial<Period>,
): readonly Period[] {
  return periods.map((one) => (one.escrowId === escrowId ? { ...one, ...change } : one));
}

/** A period that is paid now comes before those that are not, whichever was quoted first. */
export function withPaid(periods: Periods, escrowId: EscrowId): readonly Period[] {
  const changed = withPeriod(periods, escrowId, { status: 'paid' });
  return [
    ...changed.filter(({ status }) => status !== 'quoted'),
    ...changed.filter(({ status }) => status === 'quoted'),
  ];
}

/** The treasury owes nothing more about any of them, and none can be paid any more. */
export function areSettled(periods: Periods): boolean {
  return periods.every(({ status }) => status === 'settled' || status === 'lapsed');
}

/** Those about which the treasury still has something to say. */
export function openEscrows(periods: Periods): readonly EscrowId[] {
  return periods
    .filter(({ status }) => status !== 'settled' && status !== 'lapsed')
    .map(({ escrowId }) => escrowId);
}
