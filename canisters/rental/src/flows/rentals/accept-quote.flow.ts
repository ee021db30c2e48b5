import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Period, Rental } from '../../core/rentals/rental.ts';
import type { DepositReceipt } from '../../core/treasury/quote-terms.ts';
import { missingRental } from '../archive/missing-rental.ts';
import { offerForRent } from '../market/offer-for-rent.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { askDeposit, isSurelyUnpaid } from '../treasury/treasury-client.ts';
import { refusePending } from '../treasury/treasury-refusals.ts';
import { applyRentalEvent } from './apply-event.ts';
import { lookBy } from './look-by.ts';
import { ownRental, type OwnRental } from './own-rental.ts';

const SUBACCOUNT_BYTES = 32;
const ASK_AGAIN_NS = durationNs({ seconds: 30 });

export interface Acceptance {
  readonly rentalId: RentalId;
  /** The payer's word: nothing above this is taken, besides the ledger's fee. */
  readonly maxAmount: TokenUnits;
  /** Of the payer's account; the default account if there is none. */
  readonly fromSubaccount: Uint8Array | undefined;
}

/** What was taken, and where to look it up. */
export interface Accepted {
  readonly rentalId: RentalId;
  readonly receipt: DepositReceipt;
}

/**
 * Has the treasury take what was quoted, for a new rental or for an extension, at most once whatever
 * happens. That the machine can be had is checked again before any money moves. Where the outcome is
 * not known yet, `payment-pending` says so and the canister finds out by itself.
 */
export async function acceptQuote(
  c: RentalCanister,
  acceptance: Acceptance,
): Promise<Result<Accepted, RentalError>> {
  const { rentalId, maxAmount, fromSubaccount } = acceptance;
  const own = ownRental(c, { rentalId, as: 'renter' });
  if (own.kind === 'err') return own;
  if (fromSubaccount !== undefined && fromSubaccount.length !== SUBACCOUNT_BYTES) {
    return invalidArgument({ argument: 'from_subaccount', rule: 'must be 32 bytes' });
  }
  return c.guards.withGuard(`rental:${rentalId}`, async () => {
    const begun = begin(c, own.value, maxAmount);
    if (begun.kind === 'err') return begun;
    const { escrowId } = begun.value;
    const askedAt = c.runtime.time();
    const receipt = await askDeposit(c, { escrowId, maxAmount, fromSubaccount });
    if (receipt.kind === 'err') return notTaken(c, own.value.rental, receipt.error);
    return confirm(c, rentalId, { receipt: receipt.value, askedAt });
  });
}

/** All that is checked without the treasury, and the mark that it is being asked. */
function begin(
  c: RentalCanister,
  { account, rental }: OwnRental,
  maxAmount: TokenUnits,
): Result<Period, RentalError> {
  return andThen(payable(c, rental), (period) => {
    const { escrowId, amount } = period;
    if (rental.payer.compareTo(c.runtime.caller()) !== 'eq') return refuseOtherLogin();
    if (amount > maxAmount) {
      const message =
        `The quote is for ${amount.toString()} and you allow ${maxAmount.toString()}. Nothing was ` +
        'taken. Allow the whole amount, or ask for a new quote.';
      return refuse({ kind: 'amount-above-max', amount }, message);
    }
    const isFirst = rental.periods[0]?.escrowId === escrowId;
    const buyable = isFirst ? checkStillOffered(c, { account, rental }) : ok(null);
    return andThen(buyable, () =>
      andThen(applyRentalEvent(c, rental.id, { kind: 'accepted' }), () => ok(period)),
    );
  });
}

/** The newest quote of the rental, if it has not expired. */
function payable(c: RentalCanister, rental: Rental): Result<Period, RentalError> {
  const { state, periods } = rental;
  const kind = state.kind;
  const period = periods.findLast(({ status }) => status === 'quoted');
  const isOpen = kind === 'quoted' || kind === 'awaiting-payment' || kind === 'active';
  if (!isOpen || period === undefined) {
    const message =
      `Rental ${rental.id} is ${kind} and has no quote that is not paid. Nothing was taken. For more ` +
      'time ask for an extension; otherwise ask for a new rental.';
    return refuse({ kind: 'wrong-state', state: kind }, message);
  }
  const { quoteExpiresAt: expiredAt } = period;
  if (kind === 'awaiting-payment' || c.runtime.time() < expiredAt) return ok(period);
  const message =
    'The quote has expired. Nothing was taken. Ask for a new one: the price may differ.';
  return refuse({ kind: 'quote-expired', expiredAt }, message);
}

function refuseOtherLogin() {
  const message =
    'The quote is for the login that asked for it, whose tokens would be taken. Nothing was taken. ' +
    'Sign in with that login, or ask for a quote with this one.';
  return refuse({ kind: 'not-allowed' }, message);
}

/** The cloud's stock changes by the minute: better no rental than one that cannot be delivered. */
function checkStillOffered(
  c: RentalCanister,
  { account, rental }: OwnRental,
): Result<null, RentalError> {
  const terms = present(c.storage.rentals.terms.get(rental.id), 'a rental has no terms');
  const { offeringId, termNs, choices } = terms;
  const [first] = choices;
  const offered = c.storage.market.offerings.get(offeringId)?.choices ?? [];
  const choiceIndex = offered.findIndex(
    ({ machineType: type, location, image }) =>
      type === first?.machineType && location === first.location && image === first.image,
  );
  if (choiceIndex < 0) {
    const reason = 'The seller no longer offers this machine';
    const message = `${reason}. Nothing was taken. Choose another machine or offer.`;
    return refuse({ kind: 'offering-unavailable', reason }, message);
  }
  const checked = offerForRent(c, { offeringId, renter: account, choiceIndex, termNs });
  return andThen(checked, () => ok(null));
}

/**
 * What was refused may be tried again; what is unknown is asked about until it is known. Of an attempt
 * before this one, whose outcome is open, only a refusal by the treasury itself says that it failed.
 */
function notTaken(
  c: RentalCanister,
  { id, state }: Rental,
  error: RentalError,
): Result<never, RentalError> {
  const isOpen = state.kind === 'awaiting-payment' && error.kind !== 'request';
  if (isSurelyUnpaid(error) && !isOpen) {
    applyRentalEvent(c, id, { kind: 'payment-refused' });
    return err(error);
  }
  lookBy(c, id, after(c.runtime.time(), ASK_AGAIN_NS));
  return isOpen ? refusePending() : err(error);
}

/**
 * The rental may have moved on while the ledger was asked; the money is taken in all the same. One that
 * is not here any more was looked after by what the treasury said about it meanwhile.
 */
function confirm(
  c: RentalCanister,
  rentalId: RentalId,
  { receipt, askedAt }: { readonly receipt: DepositReceipt; readonly askedAt: TimestampNs },
): Result<Accepted, RentalError> {
  const terms = c.storage.rentals.terms.get(rentalId);
  if (terms === undefined) return missingRental(c, rentalId);
  const { escrowId, amount, block } = receipt;
  // The treasury counts from when it had the deposit, which was not before it was asked.
  const deliverBy = after(askedAt, terms.provisionWithinNs);
  const event = { kind: 'deposit-confirmed', escrowId, amount, block, deliverBy } as const;
  return andThen(applyRentalEvent(c, rentalId, event), () => ok({ rentalId, receipt }));
}
