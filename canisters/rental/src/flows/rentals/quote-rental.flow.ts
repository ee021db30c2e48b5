import type { Principal } from '@dfinity/principal';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { OfferingId } from '../../core/ids.ts';
import { boundInputs, NO_INPUTS, type RentalInputs } from '../../core/recipes/inputs.ts';
import { freezeTerms, quoteTermsOf, type Agreement } from '../../core/rentals/freeze-terms.ts';
import { newRental } from '../../core/rentals/new-rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import type { LockedQuote } from '../../core/treasury/quote-terms.ts';
import { actingAccount } from '../accounts/callers.ts';
import { offerForRent, type OfferForRent } from '../market/offer-for-rent.ts';
import { recipeForRent, type RecipeForRent } from '../recipes/recipe-for-rent.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { askQuote } from '../treasury/treasury-client.ts';
import { checkSetup, type Setup } from './check-setup.ts';
import { draftHash } from './draft-hash.ts';
import { keepRental } from './keep-rental.ts';

const MAX_OPEN_QUOTES = 5;
const MAX_LIVE_RENTALS = 200;

/** What somebody wants to rent. */
export interface RentInput {
  readonly offeringId: OfferingId;
  /** Of the offer's machines, from 0; the others are taken if this one cannot be had. */
  readonly choiceIndex: number;
  readonly termNs: DurationNs;
  /** Of the token to pay with. */
  readonly ledger: Principal;
  readonly inputs: RentalInputs;
  /** Lines of authorized_keys, or fingerprints (`SHA256:…`) of keys of the account. 1 to 10. */
  readonly sshKeys: readonly string[];
  readonly sealedSecrets: Uint8Array | undefined;
}

/** What can be accepted until the quote expires. */
export interface QuotedRental {
  readonly terms: FrozenTerms;
  readonly quote: LockedQuote;
}

/**
 * Freezes what is agreed and has the treasury lock its price in a token. Nothing is taken; a quote that
 * is not accepted in ten minutes is forgotten.
 */
export async function quoteRental(
  c: RentalCanister,
  input: RentInput,
): Promise<Result<QuotedRental, RentalError>> {
  const acting = actingAccount(c);
  if (acting.kind === 'err') return acting;
  const account = acting.value;
  return c.guards.withGuard(`quote:${account.id}`, async () => {
    const ready = andThen(checkQuotas(c, account), () => agree(c, account, input));
    if (ready.kind === 'err') return ready;
    const { agreement, setup, inputs } = ready.value;
    const terms = freezeTerms(agreement);
    const { termNs, totalUsdE8, provisionWithinNs } = terms;
    const period = { draftHash: draftHash(terms), termNs, totalUsdE8, provisionWithinNs };
    const quote = await askQuote(c, quoteTermsOf(terms, period));
    if (quote.kind === 'err') return quote;
    const { rentals } = c.storage;
    rentals.terms.set(terms.rentalId, terms);
    rentals.configs.set(terms.rentalId, {
      sshKeys: setup.sshKeys,
      inputs,
      inputsBefore: undefined,
    });
    const { sealed } = setup;
    if (sealed !== undefined)
      rentals.secrets.set(terms.rentalId, { sealed, sealedBefore: undefined });
    const rental = newRental(terms, quote.value, c.runtime.time());
    keepRental(c, { before: undefined, after: rental });
    return ok({ terms, quote: quote.value });
  });
}

function checkQuotas({ storage }: RentalCanister, { id }: Account): Result<null, RentalError> {
  const { links } = storage.rentals;
  if (links.count({ kind: 'quotes-of-renter', of: id }) >= MAX_OPEN_QUOTES) {
    const message =
      `You have ${MAX_OPEN_QUOTES} quotes that are not paid. Nothing was taken. Accept one of them, ` +
      'or wait: each is forgotten some minutes after it expired.';
    return refuse({ kind: 'quota-exceeded', limit: MAX_OPEN_QUOTES }, message);
  }
  if (links.count({ kind: 'live-of-renter', of: id }) >= MAX_LIVE_RENTALS) {
    const message = `An account has at most ${MAX_LIVE_RENTALS} rentals at a time. Nothing was taken.`;
    return refuse({ kind: 'quota-exceeded', limit: MAX_LIVE_RENTALS }, message);
  }
  return ok(null);
}

interface Ready {
  readonly agreement: Agreement;
  readonly setup: Setup;
  readonly inputs: RentalInputs;
}

/** Checks everything that needs no other canister; only then is a number used up. */
function agree(c: RentalCanister, account: Account, input: RentInput): Result<Ready, RentalError> {
  const bounded = boundInputs(input.inputs);
  if (bounded.kind === 'err') return invalidArgument(bounded.error);
  return andThen(offerForRent(c, { ...input, renter: account }), (offer) =>
    andThen(recipeOf(c, offer, input.inputs), (recipe) => {
      const inputs = recipe?.inputs ?? NO_INPUTS;
      const { sshKeys, sealedSecrets } = input;
      const asked = { sshKeys, sealedSecrets, inputs, version: recipe?.version };
      return andThen(checkSetup(account, asked), (setup) => {
        const agreement: Agreement = {
          ...offer,
          rentalId: c.storage.rentals.ids.next(),
          renter: account.id,
          payer: c.runtime.caller(),
          choices: recipe?.machines ?? offer.choices,
          recipe,
          ledger: input.ledger,
          termNs: input.termNs,
          at: c.runtime.time(),
        };
        return ok({ agreement, setup, inputs });
      });
    }),
  );
}

function recipeOf(
  c: RentalCanister,
  { offering, choices }: OfferForRent,
  inputs: RentalInputs,
): Result<RecipeForRent | undefined, RentalError> {
  const { recipe: offered } = offering;
  if (offered !== undefined) return recipeForRent(c, { offered, machines: choices, inputs });
  if (inputs.values.length + inputs.secretNames.length === 0) return ok(undefined);
  const rule = 'must be empty: the offer is a bare machine. Nothing was taken';
  return invalidArgument({ argument: 'inputs', rule });
}
