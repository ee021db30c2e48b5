import { present } from '@decent-cloud/domain/assert.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { priceOfTerm } from '../../core/market/offer-price.ts';
import { quoteTermsOf } from '../../core/rentals/freeze-terms.ts';
import { isOverdue } from '../../core/rentals/next-due.ts';
import { withQuote } from '../../core/rentals/new-rental.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import type { LockedQuote } from '../../core/treasury/quote-terms.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { askQuote } from '../treasury/treasury-client.ts';
import { extensionHash } from './draft-hash.ts';
import { keepRental } from './keep-rental.ts';
import { ownRental } from './own-rental.ts';

/** Longer than a quote lives: what is paid in time is known in time. */
const LATEST_NS = durationNs({ minutes: 15 });
const EARLIEST_NS = durationNs({ days: 30 });
/** Beyond the start, so that no clock and no delay makes the treasury give a running period back. */
const SLACK_NS = durationNs({ days: 1 });
const MAX_PERIODS = 32;
const MAX_OPEN_QUOTES = 3;

export interface ExtensionInput {
  readonly rentalId: RentalId;
  readonly termNs: DurationNs;
}

export interface QuotedExtension {
  readonly rentalId: RentalId;
  /** Follows on without a gap. */
  readonly startsAt: TimestampNs;
  readonly endsAt: TimestampNs;
  readonly totalUsdE8: UsdE8;
  readonly quote: LockedQuote;
}

interface Extendable {
  readonly rental: Rental;
  readonly terms: FrozenTerms;
  readonly startsAt: TimestampNs;
  readonly totalUsdE8: UsdE8;
}

/**
 * Has the treasury lock a price for more time, under the terms that were agreed and at the offer's
 * price of today if that is lower. Nothing is taken; accept it like the first quote. An extension that
 * is not paid changes nothing.
 */
export async function quoteExtension(
  c: RentalCanister,
  { rentalId, termNs }: ExtensionInput,
): Promise<Result<QuotedExtension, RentalError>> {
  const own = ownRental(c, { rentalId, as: 'renter' });
  if (own.kind === 'err') return own;
  return c.guards.withGuard(`rental:${rentalId}`, async () => {
    const ready = extendable(c, own.value.rental, termNs);
    if (ready.kind === 'err') return ready;
    const { terms, startsAt, totalUsdE8 } = ready.value;
    const untilStart = startsAt - c.runtime.time();
    const quote = await askQuote(
      c,
      quoteTermsOf(terms, {
        draftHash: extensionHash(terms, { startsAt, termNs }),
        termNs,
        totalUsdE8,
        provisionWithinNs: (untilStart + SLACK_NS) as DurationNs,
      }),
    );
    if (quote.kind === 'err') return quote;
    const now = c.storage.rentals.rentals.get(rentalId);
    if (now?.state.kind !== 'active' || now.state.endsAt !== startsAt) {
      return refuseMoved(rentalId, now?.state.kind ?? 'over');
    }
    const extension = { quote: quote.value, termNs, at: c.runtime.time() };
    keepRental(c, { before: now, after: withQuote(now, extension) });
    const endsAt = (startsAt + termNs) as TimestampNs;
    return ok({ rentalId, startsAt, endsAt, totalUsdE8, quote: quote.value });
  });
}

function extendable(
  c: RentalCanister,
  rental: Rental,
  termNs: DurationNs,
): Result<Extendable, RentalError> {
  const { state, periods, id } = rental;
  const now = c.runtime.time();
  if (state.kind !== 'active' || isOverdue(rental, now)) return refuseMoved(id, state.kind);
  const { endsAt } = state;
  if (endsAt - now < LATEST_NS || endsAt - now > EARLIEST_NS) {
    const message =
      'A rental can be extended from 30 days to 15 minutes before its end. Nothing was taken.';
    return refuse({ kind: 'wrong-state', state: state.kind }, message);
  }
  const quoted = periods.filter(({ status }) => status === 'quoted').length;
  if (periods.length >= MAX_PERIODS || quoted >= MAX_OPEN_QUOTES) {
    const limit = quoted >= MAX_OPEN_QUOTES ? MAX_OPEN_QUOTES : MAX_PERIODS;
    const message =
      `A rental has at most ${MAX_OPEN_QUOTES} extensions that are not paid, and ${MAX_PERIODS} ` +
      'periods in all. Nothing was taken. Accept one, or wait until it has expired.';
    return refuse({ kind: 'quota-exceeded', limit }, message);
  }
  const terms = present(c.storage.rentals.terms.get(id), 'a rental has no terms');
  return andThen(priceNow(c, terms, termNs), (totalUsdE8) =>
    ok({ rental, terms, startsAt: endsAt, totalUsdE8 }),
  );
}

/** The seller agrees by still offering it, and nobody pays more than was agreed. */
function priceNow(
  c: RentalCanister,
  terms: FrozenTerms,
  termNs: DurationNs,
): Result<UsdE8, RentalError> {
  const offering = c.storage.market.offerings.get(terms.offeringId);
  if (offering?.status !== 'open') {
    return refuseOffer('The seller does not offer this machine any more');
  }
  const { pricePerMonthUsdE8, minTermNs, maxTermNs } = offering;
  if (pricePerMonthUsdE8 > terms.pricePerMonthUsdE8) {
    return refuseOffer('The seller asks a higher price by now than was agreed with you');
  }
  if (termNs < minTermNs || termNs > maxTermNs) {
    const rule = 'must be a term that the offer allows. Nothing was taken';
    return invalidArgument({ argument: 'term_ns', rule });
  }
  return ok(priceOfTerm({ pricePerMonthUsdE8, termNs }));
}

function refuseOffer(reason: string) {
  const message =
    `${reason}, so it cannot be extended. Nothing was taken, and what is paid goes on to its end. ` +
    'Save your data before, and rent anew.';
  return refuse({ kind: 'offering-unavailable', reason }, message);
}

function refuseMoved(rentalId: RentalId, state: string) {
  const message =
    `Rental ${rentalId} is ${state}: only a running one can be extended. Nothing was taken. ` +
    'Look at get_rental for where it is, or rent anew.';
  return refuse({ kind: 'wrong-state', state }, message);
}
