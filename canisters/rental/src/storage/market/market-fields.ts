import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bool,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
  type Field,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { CloudAccountId, OfferingId, RecipeId } from '../../core/ids.ts';
import type {
  Arch,
  CloudLocation,
  MachineChoice,
  MachineImage,
  MachineSpec,
  MachineType,
  TypeAtLocation,
} from '../../core/market/catalogue.ts';
import type {
  OfferedRecipe,
  Offering,
  OfferingStatus,
  SlaRow,
  VersionRange,
  Visibility,
} from '../../core/market/offering.ts';
import type { CardRecipe, IndexNumbers, OfferCard } from '../../core/market/search/index-entry.ts';

const time = bigint<TimestampNs>();
const duration = bigint<DurationNs>();
const arch = plainAs<Arch>();
const bps = plainAs<BasisPoints>();

export const locationFields: Fields<CloudLocation> = {
  name: text,
  city: text,
  country: text,
  zone: text,
};

export const imageFields: Fields<MachineImage> = {
  name: text,
  archs: list(arch),
  unavailableAfter: optional(time),
};

const typeAtFields: Fields<TypeAtLocation> = {
  location: text,
  isAvailable: bool,
  unavailableAfter: optional(time),
  pricePerMonth: text,
};

export const typeFields: Fields<MachineType> = {
  name: text,
  arch,
  cores: number,
  memoryMb: number,
  diskGb: number,
  at: list(record(typeAtFields)),
};

const choiceFields: Fields<MachineChoice> = { machineType: text, location: text, image: text };

const machineSpec: Field<MachineSpec> = record<MachineSpec>({
  machineType: text,
  location: text,
  image: text,
  arch,
  cores: number,
  memoryMb: number,
  diskGb: number,
  country: text,
});

const offeredRecipe = record<OfferedRecipe>({
  recipeId: plainAs<RecipeId>(),
  range: union<VersionRange>({ pinned: { version: text }, compatible: { from: text } }),
});

const visibility = union<Visibility>({
  public: {},
  shared: { principals: list(principal) },
  private: {},
});

const slaRow = record<SlaRow>({ belowPpm: number, creditBps: bps });

export const offeringFields: Fields<Offering> = {
  id: plainAs<OfferingId>(),
  provider: plainAs<AccountId>(),
  status: plainAs<OfferingStatus>(),
  createdAt: time,
  updatedAt: time,
  cloudAccountId: plainAs<CloudAccountId>(),
  title: text,
  description: text,
  choices: list(record(choiceFields)),
  recipe: optional(offeredRecipe),
  pricePerMonthUsdE8: bigint<UsdE8>(),
  minTermNs: duration,
  maxTermNs: duration,
  slaCredits: list(slaRow),
  noticeNs: duration,
  provisionWithinNs: duration,
  providerPenaltyBps: bps,
  visibility,
};

const numbersFields: Fields<IndexNumbers> = {
  price: number,
  cores: number,
  memoryMb: number,
  diskGb: number,
  trust: number,
  speed: number,
};

const cardRecipe = record<CardRecipe>({ recipeId: plainAs<RecipeId>(), name: text, icon: text });

const cardFields: Fields<OfferCard> = {
  title: text,
  provider: plainAs<AccountId>(),
  cloudAccountId: plainAs<CloudAccountId>(),
  backend: plainAs<Backend>(),
  recipe: optional(cardRecipe),
  machines: list(machineSpec),
  pricePerMonthUsdE8: bigint<UsdE8>(),
  minTermNs: duration,
  maxTermNs: duration,
};

/**
 * An index entry with its terms in one text: a search reads the card and never takes them apart.
 */
export interface StoredEntry {
  readonly card: OfferCard;
  readonly numbers: IndexNumbers;
  readonly terms: string;
}

export const entryFields: Fields<StoredEntry> = {
  card: record(cardFields),
  numbers: record(numbersFields),
  terms: text,
};
