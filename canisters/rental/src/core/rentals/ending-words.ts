import type { RentalEvent } from './rental-event.ts';
import type { Ending } from './rental.ts';

type EndingText = Pick<Ending, 'cause' | 'reason'>;
type By = Extract<RentalEvent, { readonly kind: 'cancelled' }>['by'];

const ALL_BACK = 'Everything that you paid goes back to you.';
const UNUSED_BACK = 'What you paid for time that was not used goes back to you.';

/** Why a rental is over, in words for the renter: what happened, and what it means for the money. */
export const ENDINGS = {
  paymentFailed: {
    cause: 'payment-failed',
    reason: 'The payment did not come before the quote expired. Nothing was taken.',
  },
  notReadyInTime: {
    cause: 'not-provisioned',
    reason: `The machine was not ready in the time that the seller promised. ${ALL_BACK}`,
  },
  termEnded: {
    cause: 'term-ended',
    reason: 'The time that you paid for is over.',
  },
  disputeDecided: {
    cause: 'dispute-decided',
    reason: 'A dispute about this rental was decided, and that ended it. The money was split so.',
  },
  /** The treasury gave everything back because it did not hear in time that the machine is ready. */
  refundedByDeadline: {
    cause: 'not-provisioned',
    reason:
      'The treasury was not told in time that the machine is ready, so it gave the deposit back. ' +
      ALL_BACK,
  },
} satisfies Readonly<Record<string, EndingText>>;

/** Ended by somebody before the machine was ready. */
export function cancelledEarly(by: By): EndingText {
  switch (by) {
    case 'renter':
      return {
        cause: 'renter-cancelled',
        reason: `You cancelled before the machine was ready. ${ALL_BACK}`,
      };
    case 'provider':
      return {
        cause: 'provider-cancelled',
        reason: `The seller cancelled before the machine was ready. ${ALL_BACK}`,
      };
    case 'operator':
      return {
        cause: 'provider-failed',
        reason: `The operator of the marketplace stopped it before the machine was ready. ${ALL_BACK}`,
      };
  }
}

/** Ended by somebody while it ran. */
export function cancelledRunning(by: By): EndingText {
  switch (by) {
    case 'renter':
      return {
        cause: 'renter-cancelled',
        reason: `You cancelled. ${UNUSED_BACK} A notice that was agreed counts as used.`,
      };
    case 'provider':
      return {
        cause: 'provider-cancelled',
        reason: `The seller cancelled. ${UNUSED_BACK} A penalty that was agreed is added in the end.`,
      };
    case 'operator':
      return {
        cause: 'provider-failed',
        reason: `The operator of the marketplace ended it. ${UNUSED_BACK}`,
      };
  }
}

/** It could not be made; the class's words come from the jobs. */
export function notDelivered(reason: string): EndingText {
  return { cause: 'not-provisioned', reason };
}

/** The machine is not there any more. */
export function machineLost(reason: string): EndingText {
  return { cause: 'provider-failed', reason: `${reason} ${UNUSED_BACK}` };
}
