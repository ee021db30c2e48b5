import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import { isStale, orderable, STALE_REASON } from '../../core/market/orderable.ts';
import type { CardRecipe, OfferCard } from '../../core/market/search/index-entry.ts';
import {
  searchOffers,
  searchTrouble,
  sortNumber,
  type SearchCursor,
  type SearchFilter,
} from '../../core/market/search/search-offers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';

/** An offer as a list shows it. */
export interface SearchRow {
  readonly offeringId: OfferingId;
  readonly title: string;
  readonly provider: AccountId;
  readonly providerName: string;
  /** 0 to 1000; undefined for a seller without data. */
  readonly trust: number | undefined;
  readonly backend: Backend;
  /** Undefined for a bare machine. */
  readonly recipe: CardRecipe | undefined;
  /** The first that can be ordered now; else the offer's first. */
  readonly machine: MachineSpec;
  /** Its number among the offer's machines, and how many those are. */
  readonly choiceIndex: number;
  readonly choiceCount: number;
  readonly pricePerMonthUsdE8: UsdE8;
  readonly minTermNs: DurationNs;
  readonly maxTermNs: DurationNs;
  /** Real runs of this offer, how many went well, and how long those took; nothing is made up. */
  readonly runs: number;
  readonly successes: number;
  readonly p50Seconds: number | undefined;
  readonly isRentable: boolean;
  /** Why not; empty if it is. */
  readonly whyNot: string;
  readonly readAt: TimestampNs | undefined;
}

export interface SearchPage {
  readonly rows: readonly SearchRow[];
  readonly next: SearchCursor | undefined;
}

/** A page of the open public offers. Costs by its rows, not by how many offers there are. */
export function searchOfferings(
  c: RentalCanister,
  filter: SearchFilter,
): Result<SearchPage, RentalError> {
  const trouble = searchTrouble(filter);
  if (trouble !== undefined) return invalidArgument(trouble);
  const { index } = c.storage.market;
  const found = searchOffers(index.sets, filter) as readonly OfferingId[];
  const shown = found.slice(0, filter.limit);
  const entries = shown.map((id) => ({
    id,
    entry: present(index.entry(id), `offer ${id} is in the index without an entry`),
  }));
  const rows = entries.map(({ id, entry }) => rowOf(c, { id, card: entry.card }));
  const last = found.length > filter.limit ? entries.at(-1) : undefined;
  const next =
    last === undefined
      ? undefined
      : { key: last.entry.numbers[sortNumber(filter.sort)], offeringId: last.id };
  return ok({ rows, next });
}

function rowOf(
  c: RentalCanister,
  { id, card }: { readonly id: OfferingId; readonly card: OfferCard },
): SearchRow {
  const { market, accounts } = c.storage;
  const stats = market.stats.get(id);
  const { title, provider, backend, recipe, pricePerMonthUsdE8, minTermNs, maxTermNs } = card;
  return {
    offeringId: id,
    title,
    provider,
    providerName: accounts.providers.get(provider)?.name ?? '',
    trust: market.scores.get(provider)?.score,
    backend,
    recipe,
    ...machineOf(c, card),
    choiceCount: card.machines.length,
    pricePerMonthUsdE8,
    minTermNs,
    maxTermNs,
    runs: stats?.runs ?? 0,
    successes: stats?.successes ?? 0,
    p50Seconds: stats?.p50Seconds,
  };
}

type Availability = Pick<SearchRow, 'machine' | 'choiceIndex' | 'isRentable' | 'whyNot' | 'readAt'>;

function machineOf(c: RentalCanister, card: OfferCard): Availability {
  const { catalogues } = c.storage.market;
  const first = present(card.machines[0], 'an offer is in the index without a machine');
  const now = c.runtime.time();
  const readAt = catalogues.state(card.cloudAccountId)?.readAt;
  const not = { machine: first, choiceIndex: 0, isRentable: false, readAt };
  if (readAt === undefined || isStale(readAt, now)) return { ...not, whyNot: STALE_REASON };
  const account = c.storage.accounts.cloudAccounts.get(card.cloudAccountId);
  if (account?.validity.kind === 'invalid') return { ...not, whyNot: INVALID_REASON };
  const lookup = catalogues.lookup(card.cloudAccountId);
  let whyNot = '';
  for (const [choiceIndex, machine] of card.machines.entries()) {
    const had = orderable(lookup, machine, now);
    if (had.kind === 'ok') return { machine, choiceIndex, isRentable: true, whyNot: '', readAt };
    if (whyNot === '') whyNot = had.error.reason;
  }
  return { ...not, whyNot };
}

const INVALID_REASON = "the seller's account at the cloud does not work at the moment";
