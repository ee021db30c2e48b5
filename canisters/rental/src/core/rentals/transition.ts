import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { ok } from '@decent-cloud/domain/result.ts';
import { fromAwaiting, fromQuoted } from './before-payment.ts';
import { fromActive } from './from-active.ts';
import { fromClosed, fromEnding } from './from-ending.ts';
import { fromProvisioning } from './from-provisioning.ts';
import { isOverdue, nextDue } from './next-due.ts';
import type { RentalEvent } from './rental-event.ts';
import type { Rental } from './rental.ts';
import { wrongState, type Moving, type Step } from './step.ts';

/*
 *  quoted ──accepted──▶ awaiting-payment ──deposit──▶ provisioning ──machine-ready──▶ active
 *    │  ◀─payment-refused─┘     │    │                     │                           │  ▲
 *    │ lapsed                   │    │ deposit, cancel     │ failed, deadline,         │  │ extension
 *    ▼                   lapsed │    │ was asked           │ cancelled                 │  │ follows on
 *  (forgotten)                  │    ▼                     ▼                           ▼  │
 *                               │  ending ◀────────────────┴─── cancelled, term over, lost,
 *                               ▼    │                          dispute decided
 *                            closed ◀┘ machine gone and money settled
 *
 * 1. Closed is reached only with the machine confirmed gone (or surely never made) and every period
 *    settled or lapsed; nothing changes afterwards.
 * 2. Exactly one period runs while the rental is active, and none otherwise; a period is reported as
 *    started once and as ended once, with numbers 1, 2, 3, … and nothing after the end.
 * 3. Every state but closed has a `dueAt`; what the clock has decided is done before anything else.
 * 4. From the intent on the server is on record until the machine is confirmed gone.
 * 5. An event that had its effect before has none again, or is refused; it never has another.
 * 6. Private things are wiped by every way out of a paid state.
 * 7. What was agreed is not here, so nothing here can change it.
 */

/**
 * What an event makes of a rental, or that it cannot happen now. Pure; the effects are to be done in
 * the same message, in their order. While the clock has something to decide only `due` is taken.
 */
export function transition(rental: Rental, event: RentalEvent, at: TimestampNs): Step {
  if (event.kind !== 'due' && isOverdue(rental, at)) return wrongState(rental);
  const step = fromState(rental, { event, at });
  if (step.kind === 'err') return step;
  const { rental: next, effects } = step.value;
  const isAsBefore = next === rental && effects.length === 0;
  if (isAsBefore && (event.kind !== 'due' || rental.state.kind === 'closed')) return step;
  return ok({
    rental: { ...next, dueAt: dueAtOf(rental, next, { event, at }), updatedAt: at },
    effects,
  });
}

function fromState(rental: Rental, moving: Moving): Step {
  const { state } = rental;
  switch (state.kind) {
    case 'quoted':
      return fromQuoted(rental, moving);
    case 'awaiting-payment':
      return fromAwaiting(rental, state, moving);
    case 'provisioning':
      return fromProvisioning(rental, state, moving);
    case 'active':
      return fromActive(rental, state, moving);
    case 'ending':
      return fromEnding(rental, state, moving);
    case 'closed':
      return fromClosed(rental, moving);
  }
}

/**
 * What is due already, but not done yet, is not put off by something else that happens. The look at the
 * deadline of a machine that is ready in time stays, too: it plans what comes after it, and the report of
 * a worker need not wait until it is moved.
 */
function dueAtOf(before: Rental, next: Rental, { event, at }: Moving): TimestampNs | undefined {
  const isSameState = before.state.kind === next.state.kind;
  const { dueAt } = before;
  if (event.kind !== 'due' && isSameState && dueAt !== undefined && dueAt <= at) return dueAt;
  const planned = nextDue(next, at);
  if (event.kind !== 'machine-ready' || dueAt === undefined || planned === undefined)
    return planned;
  return dueAt < planned ? dueAt : planned;
}
