import type { AccountId } from '@decent-cloud/domain/ids.ts';
import {
  bool,
  count,
  list,
  literals,
  nanoseconds,
  nat,
  nat16,
  nat8,
  nat32,
  optional,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { OfferingId } from '../../core/ids.ts';
import type {
  OfferedRecipe,
  Offering,
  OfferingInput,
  OfferingStatus,
  SlaRow,
  VersionRange,
  Visibility,
} from '../../core/market/offering.ts';
import type { CardRecipe } from '../../core/market/search/index-entry.ts';
import type {
  SearchCursor,
  SearchFilter,
  SearchSort,
} from '../../core/market/search/search-offers.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type {
  MachineView,
  OfferingPage,
  OfferingPageRequest,
  OfferingView,
} from '../../flows/market/offering-views.ts';
import type { OfferingChange } from '../../flows/market/save-offering.flow.ts';
import type { SearchPage, SearchRow } from '../../flows/market/search-offerings.ts';
import { arch, machineChoice, machineSpec } from './catalogue-wire.ts';
import { backend } from './provider-wire.ts';

const status = literals<OfferingStatus>(['open', 'paused', 'retired']);

const offeredRecipe = record<OfferedRecipe>({
  recipeId: count,
  range: union<VersionRange>({ pinned: { version: text }, compatible: { from: text } }),
});

const inputFields = {
  cloudAccountId: count,
  title: text,
  description: text,
  choices: list(machineChoice),
  recipe: optional(offeredRecipe),
  pricePerMonthUsdE8: nat,
  minTermNs: nanoseconds,
  maxTermNs: nanoseconds,
  slaCredits: list(record<SlaRow>({ belowPpm: nat32, creditBps: nat16 })),
  noticeNs: nanoseconds,
  provisionWithinNs: nanoseconds,
  providerPenaltyBps: nat16,
  visibility: union<Visibility>({
    public: {},
    shared: { principals: list(principal) },
    private: {},
  }),
};

export const offeringInput = record<OfferingInput>(inputFields);
export const offeringChange = record<OfferingChange>({ offeringId: count, input: offeringInput });
export const statusChange = record<{
  readonly offeringId: OfferingId;
  readonly status: OfferingStatus;
}>({ offeringId: count, status });

export const offering = record<Offering>({
  id: count,
  provider: count,
  status,
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
  ...inputFields,
});

const runStats = record<Omit<RunStats, 'readySeconds'>>({
  runs: count,
  successes: count,
  p50Seconds: optional(count),
  p95Seconds: optional(count),
});

const machineView = record<MachineView>({
  choice: machineChoice,
  spec: optional(machineSpec),
  isOrderable: bool,
  reason: text,
});

export const offeringView = record<OfferingView>({
  offering,
  providerName: text,
  trust: optional(nat16),
  backend: optional(backend),
  agentRecipient: optional(text),
  machines: list(machineView),
  readAt: optional(nanoseconds),
  stats: runStats,
});

const pageFields = { from: optional(count), limit: nat32 };
export const offeringPageRequest = record<OfferingPageRequest>(pageFields);
export const providerOfferings = record<
  OfferingPageRequest & { readonly provider: AccountId; readonly isRetired: boolean }
>({ provider: count, isRetired: bool, ...pageFields });
export const offeringPage = record<OfferingPage>({ rows: list(offering), next: optional(count) });

const cursor = record<SearchCursor>({ key: count, offeringId: count });

export const searchFilter = record<SearchFilter>({
  words: text,
  recipeId: optional(count),
  isBare: bool,
  provider: optional(count),
  backend: optional(backend),
  location: optional(text),
  country: optional(text),
  arch: optional(arch),
  maxPricePerMonthUsdE8: optional(nat),
  minCores: optional(nat32),
  minMemoryMb: optional(nat32),
  minDiskGb: optional(nat32),
  minTrust: optional(nat16),
  sort: literals<SearchSort>(['price', 'speed', 'trust']),
  from: optional(cursor),
  limit: nat32,
});

const searchRow = record<SearchRow>({
  offeringId: count,
  title: text,
  provider: count,
  providerName: text,
  trust: optional(nat16),
  backend,
  recipe: optional(record<CardRecipe>({ recipeId: count, name: text, icon: text })),
  machine: machineSpec,
  choiceIndex: nat8,
  choiceCount: nat8,
  pricePerMonthUsdE8: nat,
  minTermNs: nanoseconds,
  maxTermNs: nanoseconds,
  runs: count,
  successes: count,
  p50Seconds: optional(count),
  isRentable: bool,
  whyNot: text,
  readAt: optional(nanoseconds),
});

export const searchPage = record<SearchPage>({ rows: list(searchRow), next: optional(cursor) });
