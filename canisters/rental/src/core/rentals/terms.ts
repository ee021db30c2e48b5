import type { Principal } from '@dfinity/principal';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Backend } from '../accounts/provider.ts';
import type { CloudAccountId, OfferingId } from '../ids.ts';
import type { MachineSpec } from '../market/catalogue.ts';
import type { SlaRow } from '../market/offering.ts';
import type { VersionRef } from '../recipes/recipe.ts';

/**
 * What was agreed. Written once, before the quote, and never rewritten: no edit of an offering or a
 * recipe changes it. The treasury's quote carries the SHA-256 of its stored bytes (`draft_hash`).
 */
export interface FrozenTerms {
  readonly rentalId: RentalId;
  readonly offeringId: OfferingId;
  readonly offeringTitle: string;
  readonly renter: AccountId;
  readonly payer: Principal;
  readonly provider: AccountId;
  readonly providerPrincipal: Principal;
  readonly cloudAccountId: CloudAccountId;
  readonly backend: Backend;
  /** The renter's choice first, then the offer's others in its order. */
  readonly choices: readonly MachineSpec[];
  /** The version that was rented; a later upgrade is in the rental's deployment. */
  readonly recipe: VersionRef | undefined;
  readonly author: AccountId | undefined;
  readonly authorPrincipal: Principal | undefined;
  readonly ledger: Principal;
  readonly pricePerMonthUsdE8: UsdE8;
  readonly termNs: DurationNs;
  readonly totalUsdE8: UsdE8;
  readonly platformBps: BasisPoints;
  readonly authorBps: BasisPoints;
  readonly slaCredits: readonly SlaRow[];
  readonly noticeNs: DurationNs;
  readonly provisionWithinNs: DurationNs;
  readonly providerPenaltyBps: BasisPoints;
  readonly frozenAt: TimestampNs;
}
