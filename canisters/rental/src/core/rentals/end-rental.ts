import { ok } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { areSettled } from './periods.ts';
import type { Fact, RentalEffect } from './rental-event.ts';
import type { EndCause, Ending, Period, Rental } from './rental.ts';
import { moved, type Moved, type Step } from './step.ts';

export interface End {
  readonly ending: Ending;
  readonly now: TimestampNs;
  /** It was measured until then. */
  readonly hadHealth: boolean;
  /** A job may have made a machine. Without one there is surely none. */
  readonly hadJobs: boolean;
  readonly isFailedRun: boolean;
}

/**
 * The one way out of every paid state. Jobs are cancelled, the treasury is told of every period that
 * is paid, the machine is deleted, and everything private goes at once.
 */
export function endRental(rental: Rental, end: End): Step {
  const { ending, now, hadHealth, hadJobs } = end;
  const [periods, facts] = endPeriods(rental.periods, ending, now);
  const isFailed = ending.cause === 'not-provisioned';
  const effects: readonly RentalEffect[] = [
    ...(hadJobs ? [{ kind: 'cancel-jobs' } as const] : []),
    ...(hadHealth ? [{ kind: 'end-health', at: ending.at, isLast: true } as const] : []),
    ...facts,
    ...(hadJobs ? [{ kind: 'start-job', job: 'terminate' } as const] : []),
    { kind: 'wipe-secrets' },
    { kind: 'timeline', step: 'ending', note: ending.reason },
    ...(end.isFailedRun ? [{ kind: 'note-failure' } as const] : []),
    ...(hadHealth && ending.cause === 'provider-cancelled'
      ? [{ kind: 'record-cancel' } as const]
      : []),
    { kind: 'notify', notice: isFailed ? 'rental-failed' : 'rental-ended' },
  ];
  const machineGoneAt = hadJobs ? undefined : now;
  const moneySettledAt = areSettled(periods) ? now : undefined;
  const state = { kind: 'ending', since: now, ending, machineGoneAt, moneySettledAt } as const;
  return closeIfDone(moved(rental, { state, periods }, effects), now);
}

/** The only way to `closed` for a rental that was paid: both confirmations are there. */
export function closeIfDone(step: Step, at: TimestampNs): Step {
  if (step.kind === 'err') return step;
  const { rental, effects } = step.value;
  const { state } = rental;
  if (state.kind !== 'ending') return step;
  if (state.machineGoneAt === undefined || state.moneySettledAt === undefined) return step;
  return ok(closed({ rental, effects }, state.ending, at));
}

/** Nothing is left to do but to move it to the archive. */
export function closed({ rental, effects }: Moved, ending: Ending, at: TimestampNs): Moved {
  return {
    rental: { ...rental, state: { kind: 'closed', at, ending } },
    effects: [
      ...effects,
      { kind: 'timeline', step: 'closed', note: '' },
      ...(ending.cause === 'payment-failed'
        ? []
        : [{ kind: 'notify', notice: 'rental-closed' } as const]),
      { kind: 'schedule-archive' },
    ],
  };
}

type Report = Extract<RentalEffect, { readonly kind: 'report-fact' }>;

/** What is paid ends, each period with its own fact; what is only quoted is left to lapse. */
function endPeriods(
  periods: readonly Period[],
  ending: Ending,
  now: TimestampNs,
): readonly [readonly Period[], readonly Report[]] {
  const facts: Report[] = [];
  const after = periods.map((period, index) => {
    if (period.status !== 'running' && period.status !== 'paid') return period;
    const cause = index === 0 || period.status === 'running' ? ending.cause : 'not-provisioned';
    const at = period.status === 'running' ? ending.at : now;
    const [ended, fact] = endPeriod(period, { at, cause });
    facts.push(fact);
    return ended;
  });
  return [after, facts];
}

/** The period and what the treasury is told. */
export function endPeriod(
  period: Period,
  end: { readonly at: TimestampNs; readonly cause: EndCause },
): readonly [Period, Report] {
  const seq = period.factSeq + 1;
  const fact = { kind: 'ended', at: end.at, cause: factCause(end.cause) } as const;
  return [
    { ...period, status: 'ended', factSeq: seq },
    { kind: 'report-fact', escrowId: period.escrowId, seq, fact },
  ];
}

/** Of a decided dispute the treasury knows itself; what is paid besides has not started. */
function factCause(cause: EndCause): Extract<Fact, { readonly kind: 'ended' }>['cause'] {
  return cause === 'dispute-decided' || cause === 'payment-failed' ? 'not-provisioned' : cause;
}
