import type { Principal } from '@dfinity/principal';
import { bigint, bool, principal, record, union } from '@decent-cloud/kit/values/field.ts';
import type { HealthChange } from '../core/pricing/health-changes.ts';
import type { TokenPricing } from '../core/pricing/token-pricing.ts';
import type { PriceSource } from '../core/sources/price-source.ts';
import type { PriceE18, SourceId } from '../core/units.ts';
import { pricingFields, sourceFields, sourceId } from './config-fields.ts';
import { noPriceField, sourceRejectionField } from './report-fields.ts';

/** What a controller changed. */
export type ConfigEvent =
  | {
      readonly kind: 'source-added';
      readonly by: Principal;
      readonly id: SourceId;
      readonly source: PriceSource;
    }
  | {
      readonly kind: 'source-switched';
      readonly by: Principal;
      readonly id: SourceId;
      readonly isEnabled: boolean;
    }
  | { readonly kind: 'pricing-set'; readonly by: Principal; readonly pricing: TokenPricing };

/** What is written down: every change of the configuration and every change of health. */
export type JournalEvent = ConfigEvent | HealthChange;

export const journalEventField = union<JournalEvent>({
  'source-added': { by: principal, id: sourceId, source: record(sourceFields) },
  'source-switched': { by: principal, id: sourceId, isEnabled: bool },
  'pricing-set': { by: principal, pricing: record(pricingFields) },
  'source-accepted': { source: sourceId },
  'source-rejected': { source: sourceId, reason: sourceRejectionField },
  'token-priced': { ledger: principal, quotePriceE18: bigint<PriceE18>() },
  'token-unpriced': { ledger: principal, reason: noPriceField },
});
