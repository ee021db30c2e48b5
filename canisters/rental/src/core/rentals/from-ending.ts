import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { closeIfDone, endPeriod } from './end-rental.ts';
import { alarmAt } from './next-due.ts';
import { areSettled, periodOf, withPeriod } from './periods.ts';
import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { Period, Rental } from './rental.ts';
import { moved, unchanged, wrongState, type In, type Moving, type Step } from './step.ts';

type Ending = In<'ending'>;

/** `ending`: waits for two confirmations, that the machine is gone and that the money is settled. */
export function fromEnding(rental: Rental, state: Ending, moving: Moving): Step {
  const { event, at } = moving;
  switch (event.kind) {
    case 'machine-gone':
      if (state.machineGoneAt !== undefined) return unchanged(rental);
      return closeIfDone(
        moved(rental, { state: { ...state, machineGoneAt: at }, server: undefined }, [
          { kind: 'timeline', step: 'machine-gone', note: '' },
        ]),
        at,
      );
    case 'deposit-confirmed':
    case 'quote-lapsed':
    case 'escrow-ended':
    case 'escrow-settled':
      return withMoney(rental, state, { ...moving, event });
    case 'cancelled':
      return unchanged(rental);
    case 'due':
      return onTime(rental, state, at);
    default:
      return wrongState(rental);
  }
}

/** `closed`: nothing changes any more; what is told twice is taken so. */
export function fromClosed(rental: Rental, { event }: Moving): Step {
  switch (event.kind) {
    case 'machine-gone':
    case 'escrow-settled':
    case 'due':
      return unchanged(rental);
    default:
      return wrongState(rental);
  }
}

type MoneyEvent = Extract<
  RentalEvent,
  { kind: 'deposit-confirmed' | 'quote-lapsed' | 'escrow-ended' | 'escrow-settled' }
>;

function withMoney(rental: Rental, state: Ending, moving: Moving<MoneyEvent>): Step {
  const { event, at } = moving;
  const period = periodOf(rental, event.escrowId);
  if (period === undefined) return wrongState(rental);
  const { status } = period;
  switch (event.kind) {
    case 'deposit-confirmed':
      return status === 'quoted' ? giveBack(rental, period, at) : unchanged(rental);
    case 'quote-lapsed':
      if (status !== 'quoted') return unchanged(rental);
      return settled(
        { ...rental, periods: rental.periods.filter((one) => one !== period) },
        moving,
      );
    case 'escrow-ended': {
      const isOpen = status === 'running' || status === 'paid';
      return isOpen ? moved(rental, withStatus(rental, period, 'ended')) : unchanged(rental);
    }
    case 'escrow-settled':
      if (status !== 'ended' || state.moneySettledAt !== undefined) return unchanged(rental);
      return settled({ ...rental, ...withStatus(rental, period, 'settled') }, moving);
  }
}

function withStatus({ periods }: Rental, { escrowId }: Period, status: Period['status']) {
  return { periods: withPeriod(periods, escrowId, { status }) };
}

/** An extension whose payment came when it was over already. */
function giveBack(rental: Rental, period: Period, at: TimestampNs): Step {
  const [ended, fact] = endPeriod(period, { at, cause: 'not-provisioned' });
  return moved(rental, { periods: withPeriod(rental.periods, period.escrowId, ended) }, [fact]);
}

function settled(rental: Rental, { at }: Moving): Step {
  const { state, periods } = rental;
  if (state.kind !== 'ending' || !areSettled(periods)) return moved(rental, {});
  return closeIfDone(
    moved(rental, { state: { ...state, moneySettledAt: at } }, [
      { kind: 'timeline', step: 'money-settled', note: '' },
    ]),
    at,
  );
}

function onTime(rental: Rental, state: Ending, at: TimestampNs): Step {
  const from = rental.dueAt ?? at;
  if (from > at) return unchanged(rental);
  const effects: RentalEffect[] = [];
  const isLate = alarmAt(state, (from - 1n) as TimestampNs) <= at;
  if (state.machineGoneAt === undefined && isLate) {
    effects.push({ kind: 'notify', notice: 'deletion-delayed' });
  }
  if (state.moneySettledAt === undefined) effects.push({ kind: 'ask-treasury' });
  return moved(rental, {}, effects);
}
