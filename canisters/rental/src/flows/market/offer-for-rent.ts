import { present } from '@decent-cloud/domain/assert.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { CloudAccount, Provider } from '../../core/accounts/provider.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import { priceOfTerm } from '../../core/market/offer-price.ts';
import type { Offering } from '../../core/market/offering.ts';
import { orderable } from '../../core/market/orderable.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { viewerOf, visibleOffering } from './offer-access.ts';
import { freshCatalogue, refuseMachine } from './stock.ts';

/** Everything about an offer that a rental freezes. */
export interface OfferForRent {
  readonly offering: Offering;
  readonly cloudAccount: CloudAccount;
  readonly provider: Provider;
  /** The chosen machine first, then the offer's others that can be ordered now, in its order. */
  readonly choices: readonly MachineSpec[];
  /** For the whole term, rounded up. */
  readonly totalUsdE8: UsdE8;
}

export interface RentRequest {
  readonly offeringId: OfferingId;
  readonly renter: Account;
  /** Of the offer's machines, from 0. */
  readonly choiceIndex: number;
  readonly termNs: DurationNs;
}

/**
 * The offer, if this renter can rent it at this moment. A seller may rent everything of their own.
 */
export function offerForRent(
  c: RentalCanister,
  request: RentRequest,
): Result<OfferForRent, RentalError> {
  const asked = { id: request.offeringId, viewer: viewerOf(request.renter) };
  return andThen(visibleOffering(c, asked), (offering) =>
    andThen(checkOpen(c, offering), ({ cloudAccount, provider }) =>
      andThen(checkTerm(offering, request.termNs), (totalUsdE8) =>
        andThen(chosenMachines(c, offering, request.choiceIndex), (choices) =>
          ok({ offering, cloudAccount, provider, choices, totalUsdE8 }),
        ),
      ),
    ),
  );
}

function checkOpen(
  { storage }: RentalCanister,
  offering: Offering,
): Result<Pick<OfferForRent, 'cloudAccount' | 'provider'>, RentalError> {
  if (offering.status !== 'open') {
    return refuseUnavailable(
      offering.status === 'paused'
        ? 'The seller has paused this offer'
        : 'The seller has retired this offer',
    );
  }
  const { cloudAccounts, providers } = storage.accounts;
  const cloudAccount = present(
    cloudAccounts.get(offering.cloudAccountId),
    'a cloud account with offers is gone',
  );
  const provider = present(providers.get(offering.provider), 'a seller with offers is gone');
  return cloudAccount.validity.kind === 'invalid'
    ? refuseUnavailable("The seller's account at the cloud does not work at the moment")
    : ok({ cloudAccount, provider });
}

function checkTerm(offering: Offering, termNs: DurationNs): Result<UsdE8, RentalError> {
  const { pricePerMonthUsdE8, minTermNs, maxTermNs } = offering;
  if (termNs >= minTermNs && termNs <= maxTermNs) {
    return ok(priceOfTerm({ pricePerMonthUsdE8, termNs }));
  }
  const rule =
    `must be ${inHours(minTermNs)} to ${inHours(maxTermNs)} hours for this offer. ` +
    'Nothing was taken';
  return invalidArgument({ argument: 'term_ns', rule });
}

function chosenMachines(
  c: RentalCanister,
  offering: Offering,
  choiceIndex: number,
): Result<readonly MachineSpec[], RentalError> {
  const { choices } = offering;
  const chosen = choices[choiceIndex];
  if (chosen === undefined) {
    const rule = `must be 0 to ${choices.length - 1}: this offer has ${choices.length} machines`;
    return invalidArgument({ argument: 'choice_index', rule });
  }
  return andThen(freshCatalogue(c, offering.cloudAccountId), (lookup) => {
    const now = c.runtime.time();
    const first = orderable(lookup, chosen, now);
    if (first.kind === 'err') {
      return refuseMachine(c, { reason: first.error.reason, lookup, choices });
    }
    const others = choices
      .filter((choice) => choice !== chosen)
      .map((choice) => orderable(lookup, choice, now))
      .flatMap((other) => (other.kind === 'ok' ? [other.value] : []));
    return ok([first.value, ...others]);
  });
}

function refuseUnavailable(reason: string) {
  const message = `${reason}. Nothing was taken. Choose another offer, or try again later.`;
  return refuse({ kind: 'offering-unavailable', reason }, message);
}

function inHours(length: DurationNs): string {
  return (Number(length) / 3_600e9).toFixed(2).replace(/\.?0+$/, '');
}
