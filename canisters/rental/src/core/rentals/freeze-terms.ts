import type { Principal } from '@dfinity/principal';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { PLATFORM_FEE_BPS } from '@decent-cloud/domain/fees.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount, Provider } from '../accounts/provider.ts';
import type { MachineSpec } from '../market/catalogue.ts';
import type { Offering } from '../market/offering.ts';
import type { Recipe, VersionRef } from '../recipes/recipe.ts';
import type { QuoteTerms } from '../treasury/quote-terms.ts';
import type { FrozenTerms } from './terms.ts';

export interface Agreement {
  readonly rentalId: RentalId;
  readonly renter: AccountId;
  readonly payer: Principal;
  readonly offering: Offering;
  readonly provider: Provider;
  readonly cloudAccount: CloudAccount;
  readonly choices: readonly MachineSpec[];
  readonly recipe:
    | {
        readonly recipe: Recipe;
        readonly ref: VersionRef;
        readonly authorPrincipal: Principal;
      }
    | undefined;
  readonly ledger: Principal;
  readonly termNs: DurationNs;
  readonly totalUsdE8: UsdE8;
  readonly at: TimestampNs;
}

const NO_SHARE = 0 as BasisPoints;

/**
 * Takes down what is agreed. Who rents from themselves pays no author, and what the provider gets
 * comes back to them; the platform's fee stays.
 */
export function freezeTerms(agreed: Agreement): FrozenTerms {
  const { offering, provider, cloudAccount, recipe, termNs, renter } = agreed;
  const isOwn = provider.id === renter;
  const authorBps = isOwn ? NO_SHARE : (recipe?.recipe.authorBps ?? NO_SHARE);
  return {
    rentalId: agreed.rentalId,
    offeringId: offering.id,
    offeringTitle: offering.title,
    renter,
    payer: agreed.payer,
    provider: provider.id,
    providerPrincipal: provider.principal,
    cloudAccountId: cloudAccount.id,
    backend: cloudAccount.backend,
    choices: agreed.choices,
    recipe: recipe?.ref,
    author: recipe?.recipe.author,
    authorPrincipal: authorBps === 0 ? undefined : recipe?.authorPrincipal,
    ledger: agreed.ledger,
    pricePerMonthUsdE8: offering.pricePerMonthUsdE8,
    termNs,
    totalUsdE8: agreed.totalUsdE8,
    platformBps: PLATFORM_FEE_BPS as BasisPoints,
    authorBps,
    slaCredits: offering.slaCredits,
    noticeNs: atMost(offering.noticeNs, termNs),
    provisionWithinNs: offering.provisionWithinNs,
    providerPenaltyBps: offering.providerPenaltyBps,
    frozenAt: agreed.at,
  };
}

/** What the treasury is asked a price for: one paid period of the terms. */
export function quoteTermsOf(
  terms: FrozenTerms,
  period: Pick<QuoteTerms, 'draftHash' | 'termNs' | 'totalUsdE8' | 'provisionWithinNs'>,
): QuoteTerms {
  const { platformBps, authorBps } = terms;
  return {
    rentalId: terms.rentalId,
    payer: terms.payer,
    ledger: terms.ledger,
    provider: terms.providerPrincipal,
    author: terms.authorPrincipal,
    split: { platformBps, authorBps },
    noticeNs: atMost(terms.noticeNs, period.termNs),
    slaCredits: terms.slaCredits,
    providerPenaltyBps: terms.providerPenaltyBps,
    ...period,
  };
}

/** No notice is longer than what is paid for. */
function atMost(noticeNs: DurationNs, termNs: DurationNs): DurationNs {
  return noticeNs < termNs ? noticeNs : termNs;
}
