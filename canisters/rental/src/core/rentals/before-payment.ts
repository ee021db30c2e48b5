import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { cancelledEarly, ENDINGS } from './ending-words.ts';
import { closed, endRental } from './end-rental.ts';
import { nextDue } from './next-due.ts';
import { periodOf, withPaid, withPeriod } from './periods.ts';
import type { RentalEvent } from './rental-event.ts';
import type { Rental } from './rental.ts';
import { moved, unchanged, wrongState, type In, type Moving, type Step } from './step.ts';

/** The treasury has decided about every deposit by then. */
const PAYMENT_NS = durationNs({ hours: 26 });
/** The canister gives up so long before the treasury does: what is ready in time counts in time. */
const PROVISION_MARGIN_NS = durationNs({ minutes: 2 });

type Deposit = Extract<RentalEvent, { readonly kind: 'deposit-confirmed' }>;

/** `quoted`: nothing is paid, though the payer may pay the treasury without asking us. */
export function fromQuoted(rental: Rental, moving: Moving): Step {
  const { event, at } = moving;
  switch (event.kind) {
    case 'accepted':
      return moved(rental, {
        state: {
          kind: 'awaiting-payment',
          since: at,
          deadlineAt: after(at, PAYMENT_NS),
          isCancelAsked: false,
        },
      });
    case 'deposit-confirmed':
      return provisioned(rental, { ...moving, event });
    case 'quote-lapsed':
      if (periodOf(rental, event.escrowId) === undefined) return wrongState(rental);
      return moved(rental, { periods: lapsed(rental, event.escrowId) }, [{ kind: 'forget' }]);
    case 'due':
      return askIfDue(rental, at);
    case 'payment-refused':
      return unchanged(rental);
    default:
      return wrongState(rental);
  }
}

/** `awaiting-payment`: the ledger was asked, and only the treasury knows what came of it. */
export function fromAwaiting(rental: Rental, state: In<'awaiting-payment'>, moving: Moving): Step {
  const { event, at } = moving;
  switch (event.kind) {
    case 'accepted':
      return unchanged(rental);
    case 'payment-refused': {
      const [first] = rental.periods;
      if (first === undefined) return wrongState(rental);
      return moved(rental, { state: { kind: 'quoted', expiresAt: first.quoteExpiresAt } });
    }
    case 'quote-lapsed': {
      if (periodOf(rental, event.escrowId) === undefined) return wrongState(rental);
      const periods = lapsed(rental, event.escrowId);
      const ended = closed(
        { rental: { ...rental, periods }, effects: [{ kind: 'wipe-secrets' }] },
        { ...ENDINGS.paymentFailed, at },
        at,
      );
      return { kind: 'ok', value: ended };
    }
    case 'deposit-confirmed':
      return state.isCancelAsked
        ? cancelledWhilePaying(rental, event, at)
        : provisioned(rental, { ...moving, event });
    case 'cancelled':
      if (event.by === 'provider') return wrongState(rental);
      return moved(rental, { state: { ...state, isCancelAsked: true } });
    case 'due':
      return askIfDue(rental, at);
    default:
      return wrongState(rental);
  }
}

function provisioned(rental: Rental, { event, at }: Moving<Deposit>): Step {
  if (periodOf(rental, event.escrowId) === undefined) return wrongState(rental);
  const deadlineAt = (event.deliverBy - PROVISION_MARGIN_NS) as TimestampNs;
  const state = { kind: 'provisioning', since: at, deadlineAt } as const;
  return moved(rental, { state, periods: withPaid(rental.periods, event.escrowId) }, [
    { kind: 'start-job', job: 'provision' },
    { kind: 'timeline', step: 'paid', note: blockNote(event) },
    { kind: 'timeline', step: 'reserved', note: '' },
    { kind: 'notify', notice: 'rental-paid' },
  ]);
}

/** Nobody has begun to make a machine. */
function cancelledWhilePaying(rental: Rental, event: Deposit, at: TimestampNs): Step {
  if (periodOf(rental, event.escrowId) === undefined) return wrongState(rental);
  const periods = withPaid(rental.periods, event.escrowId);
  return endRental(
    { ...rental, periods },
    {
      ending: { ...cancelledEarly('renter'), at },
      now: at,
      hadHealth: false,
      hadJobs: false,
      isFailedRun: false,
    },
  );
}

function lapsed({ periods }: Rental, escrowId: Deposit['escrowId']) {
  return withPeriod(periods, escrowId, { status: 'lapsed' });
}

/** Asked too early, it is only planned anew. */
function askIfDue(rental: Rental, at: TimestampNs): Step {
  const dueAt = rental.dueAt ?? nextDue(rental, at);
  const isDue = dueAt !== undefined && dueAt <= at;
  return moved(rental, {}, isDue ? [{ kind: 'ask-treasury' }] : []);
}

/** Where everybody can look the payment up. */
export function blockNote({ block }: Deposit): string {
  return block === undefined ? '' : `Block ${block.toString()} of the token's ledger.`;
}
