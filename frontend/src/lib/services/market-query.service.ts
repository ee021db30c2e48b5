import type { Rental } from '../api/wire.ts';
import type { ArchName, BackendName, MarketFilter, SortName } from './market-filter.service.ts';

const BACKENDS: Readonly<Record<BackendName, Rental.Backend>> = {
  Hetzner: { Hetzner: null },
  Digitalocean: { Digitalocean: null },
  Vultr: { Vultr: null },
  Docker: { Docker: null },
  Proxmox: { Proxmox: null },
};
const ARCHS: Readonly<Record<ArchName, Rental.Arch>> = { X86: { X86: null }, Arm: { Arm: null } };
const SORTS: Readonly<Record<SortName, Rental.SearchFilter['sort']>> = {
  Price: { Price: null },
  Speed: { Speed: null },
  Trust: { Trust: null },
};
const MB_IN_GB = 1_024;
/** The canister's scale is ten times finer. */
const TRUST_STEP = 10;

export interface MarketPage {
  readonly from?: Rental.SearchCursor | undefined;
  readonly limit: number;
}

/** A filter as the canister takes it. */
export function searchOf(filter: MarketFilter, { from, limit }: MarketPage): Rental.SearchFilter {
  return {
    words: filter.words,
    recipe_id: opt(filter.recipeId),
    is_bare: filter.isBare,
    provider: opt(filter.provider),
    backend: filter.backend === undefined ? [] : [BACKENDS[filter.backend]],
    location: opt(filter.location),
    country: opt(filter.country),
    arch: filter.arch === undefined ? [] : [ARCHS[filter.arch]],
    max_price_per_month_usd_e8: opt(filter.maxPriceUsdE8),
    min_cores: opt(filter.minCores),
    min_memory_mb: opt(
      filter.minMemoryGb === undefined ? undefined : filter.minMemoryGb * MB_IN_GB,
    ),
    min_disk_gb: opt(filter.minDiskGb),
    min_trust: opt(filter.minTrust === undefined ? undefined : filter.minTrust * TRUST_STEP),
    sort: SORTS[filter.sort],
    from: opt(from),
    limit,
  };
}

function opt<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value];
}
