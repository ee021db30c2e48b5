import type { Principal } from '@dfinity/principal';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, OfferingId, RecipeId } from '../ids.ts';
import type { MachineChoice } from './catalogue.ts';

/** Below `belowPpm` of uptime, `creditBps` of what vested go back. The treasury's `sla_credits`. */
export interface SlaRow {
  readonly belowPpm: number;
  readonly creditBps: BasisPoints;
}

/** Which versions of a recipe an offer runs. */
export type VersionRange =
  | { readonly kind: 'pinned'; readonly version: string }
  /** The newest published version from `from` on with the same major number (semver `^`). */
  | { readonly kind: 'compatible'; readonly from: string };

export interface OfferedRecipe {
  readonly recipeId: RecipeId;
  readonly range: VersionRange;
}

export type Visibility =
  | { readonly kind: 'public' }
  | { readonly kind: 'shared'; readonly principals: readonly Principal[] }
  /** For the seller alone. */
  | { readonly kind: 'private' };

/** What a seller sets about an offer. */
export interface OfferingInput {
  readonly cloudAccountId: CloudAccountId;
  readonly title: string;
  readonly description: string;
  /** In order of preference; 1 to 8. */
  readonly choices: readonly MachineChoice[];
  /** A bare machine without. */
  readonly recipe: OfferedRecipe | undefined;
  /** For 30 days. */
  readonly pricePerMonthUsdE8: UsdE8;
  readonly minTermNs: DurationNs;
  readonly maxTermNs: DurationNs;
  readonly slaCredits: readonly SlaRow[];
  readonly noticeNs: DurationNs;
  readonly provisionWithinNs: DurationNs;
  readonly providerPenaltyBps: BasisPoints;
  readonly visibility: Visibility;
}

export type OfferingStatus = 'open' | 'paused' | 'retired';

export interface Offering extends OfferingInput {
  readonly id: OfferingId;
  readonly provider: AccountId;
  readonly status: OfferingStatus;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}
