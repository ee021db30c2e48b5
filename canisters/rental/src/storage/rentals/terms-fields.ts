import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { CloudAccountId, OfferingId } from '../../core/ids.ts';
import type { Arch, MachineSpec } from '../../core/market/catalogue.ts';
import type { SlaRow } from '../../core/market/offering.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import { versionRef } from './rental-fields.ts';

const bps = plainAs<BasisPoints>();
const duration = bigint<DurationNs>();
const usdE8 = bigint<UsdE8>();

const specFields: Fields<MachineSpec> = {
  machineType: text,
  location: text,
  image: text,
  arch: plainAs<Arch>(),
  cores: number,
  memoryMb: number,
  diskGb: number,
  country: text,
};

const slaFields: Fields<SlaRow> = { belowPpm: number, creditBps: bps };

const termsFields: Fields<FrozenTerms> = {
  rentalId: plainAs<RentalId>(),
  offeringId: plainAs<OfferingId>(),
  offeringTitle: text,
  renter: plainAs<AccountId>(),
  payer: principal,
  provider: plainAs<AccountId>(),
  providerPrincipal: principal,
  cloudAccountId: plainAs<CloudAccountId>(),
  backend: plainAs<Backend>(),
  choices: list(record(specFields)),
  recipe: optional(versionRef),
  author: optional(plainAs<AccountId>()),
  authorPrincipal: optional(principal),
  ledger: principal,
  pricePerMonthUsdE8: usdE8,
  termNs: duration,
  totalUsdE8: usdE8,
  platformBps: bps,
  authorBps: bps,
  slaCredits: list(record(slaFields)),
  noticeNs: duration,
  provisionWithinNs: duration,
  providerPenaltyBps: bps,
  frozenAt: bigint<TimestampNs>(),
};

/**
 * How terms are stored. The bytes are what the treasury's quote is for (`draft_hash`): a change here
 * must keep the bytes of terms that were frozen before, so there is never a second version.
 */
export const termsCodec = valueCodec<FrozenTerms>({ version: 1, fields: termsFields });
