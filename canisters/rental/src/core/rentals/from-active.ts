import { cancelledRunning, ENDINGS, machineLost } from './ending-words.ts';
import { blockNote } from './before-payment.ts';
import { endPeriod, endRental } from './end-rental.ts';
import { isAskDue, noticeTimes } from './next-due.ts';
import { operated } from './operations.ts';
import {
  endOf,
  nextPaid,
  paidUntil,
  periodOf,
  runningOf,
  withPaid,
  withPeriod,
} from './periods.ts';
import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { Ending, Period, Rental } from './rental.ts';
import { moved, unchanged, wrongState, type In, type Moving, type Step } from './step.ts';

type Active = In<'active'>;

/** `active`: the machine is there and one period runs. */
export function fromActive(rental: Rental, state: Active, moving: Moving): Step {
  const { event, at } = moving;
  switch (event.kind) {
    case 'operation-started':
    case 'power-done':
    case 'keys-rotated':
    case 'recipe-upgraded':
    case 'recipe-rolled-back':
    case 'operation-failed':
      return operated(rental, state, { ...moving, event });
    case 'version-skipped':
      return rental.deployment === undefined
        ? wrongState(rental)
        : moved(rental, { skippedVersion: event.number });
    case 'cancelled':
      return end(rental, moving, { ...cancelledRunning(event.by), at });
    case 'machine-lost':
      return end(rental, moving, { ...machineLost(event.reason), at });
    case 'due':
      return onTime(rental, state, moving);
    case 'accepted':
    case 'payment-refused':
      return unchanged(rental);
    case 'deposit-confirmed':
    case 'quote-lapsed':
    case 'escrow-ended':
    case 'escrow-settled':
      return withMoney(rental, state, { ...moving, event });
    default:
      return wrongState(rental);
  }
}

function end(rental: Rental, { at }: Moving, ending: Ending): Step {
  return endRental(rental, {
    ending,
    now: at,
    hadHealth: true,
    hadJobs: true,
    isFailedRun: false,
  });
}

/** What the clock decides: the end of a period first, then everything smaller. */
function onTime(rental: Rental, state: Active, moving: Moving): Step {
  const { at } = moving;
  const running = runningOf(rental.periods);
  if (running !== undefined && endOf(running) <= at) {
    const next = nextPaid(rental.periods);
    const endedAt = endOf(running);
    if (next === undefined) return end(rental, moving, { ...ENDINGS.termEnded, at: endedAt });
    return rolledOver(rental, { running, next });
  }
  const from = rental.dueAt ?? at;
  const effects: RentalEffect[] = [];
  if (noticeTimes(state).some((time) => time >= from && time <= at)) {
    effects.push({ kind: 'notify', notice: 'rental-ending-soon' });
  }
  if (isAskDue(rental, state, { from, to: at })) effects.push({ kind: 'ask-treasury' });
  const { operation } = state;
  if (operation === undefined || operation.deadlineAt > at) return moved(rental, {}, effects);
  const { jobId } = operation;
  const event = { kind: 'operation-failed', jobId, reason: TOO_LONG } as const;
  const failed = operated(rental, state, { event, at });
  if (failed.kind === 'err') return failed;
  return moved(failed.value.rental, {}, [
    { kind: 'cancel-jobs' },
    ...failed.value.effects,
    ...effects,
  ]);
}

const TOO_LONG =
  'It was not finished in the time for it. Nothing was charged for it, and your rental goes on.';

/** The extension follows on without a gap; each period has its own escrow. */
function rolledOver(
  rental: Rental,
  { running, next }: { readonly running: Period; readonly next: Period },
): Step {
  const at = endOf(running);
  const [ended, fact] = endPeriod(running, { at, cause: 'term-ended' });
  const seq = next.factSeq + 1;
  const periods = rental.periods.map((period) => {
    if (period.escrowId === running.escrowId) return ended;
    if (period.escrowId !== next.escrowId) return period;
    return { ...period, status: 'running', startedAt: at, factSeq: seq } as const;
  });
  return moved(rental, { periods }, [
    { kind: 'end-health', at, isLast: false },
    fact,
    { kind: 'report-fact', escrowId: next.escrowId, seq, fact: { kind: 'started', at } },
  ]);
}

type MoneyEvent = Extract<
  RentalEvent,
  { kind: 'deposit-confirmed' | 'quote-lapsed' | 'escrow-ended' | 'escrow-settled' }
>;

function withMoney(rental: Rental, state: Active, moving: Moving<MoneyEvent>): Step {
  const { event } = moving;
  const { escrowId } = event;
  const period = periodOf(rental, escrowId);
  if (period === undefined) return wrongState(rental);
  switch (event.kind) {
    case 'deposit-confirmed': {
      if (period.status !== 'quoted') return unchanged(rental);
      const periods = withPaid(rental.periods, escrowId);
      return moved(rental, { periods, state: { ...state, endsAt: paidUntil(periods) } }, [
        { kind: 'timeline', step: 'extended', note: blockNote(event) },
      ]);
    }
    case 'quote-lapsed':
      if (period.status !== 'quoted') return unchanged(rental);
      return moved(rental, { periods: rental.periods.filter((one) => one !== period) });
    case 'escrow-ended':
      return escrowEnded(rental, state, { ...moving, event, period });
    case 'escrow-settled':
      if (period.status !== 'ended') return unchanged(rental);
      return moved(rental, {
        periods: withPeriod(rental.periods, escrowId, { status: 'settled' }),
      });
  }
}

type EscrowEnded = Moving<Extract<MoneyEvent, { kind: 'escrow-ended' }>> & {
  readonly period: Period;
};

/** The treasury ended a period by itself, so it is told nothing more about that one. */
function escrowEnded(rental: Rental, state: Active, ended: EscrowEnded): Step {
  const { event, at, period } = ended;
  const isOpen = period.status === 'running' || period.status === 'paid';
  // The end of a paid period is decided by our own clock, a moment earlier or later.
  if (!isOpen || event.by === 'term') return unchanged(rental);
  const periods = withPeriod(rental.periods, event.escrowId, { status: 'ended' });
  if (period.status === 'paid') {
    return moved(rental, { periods, state: { ...state, endsAt: paidUntil(periods) } });
  }
  const why = event.by === 'dispute' ? ENDINGS.disputeDecided : ENDINGS.refundedByDeadline;
  return end({ ...rental, periods }, ended, { ...why, at });
}
