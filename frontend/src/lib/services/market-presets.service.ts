import { NO_FILTER, type MarketFilter } from './market-filter.service.ts';

/** A search that many begin with. */
export interface MarketPreset {
  readonly label: string;
  readonly filter: MarketFilter;
}

const DOLLARS_E8 = 100_000_000n;

/** Those that find nothing are not shown. */
export const MARKET_PRESETS: readonly MarketPreset[] = [
  { label: 'Bare machines', filter: { ...NO_FILTER, isBare: true } },
  { label: 'Under $8 a month', filter: { ...NO_FILTER, maxPriceUsdE8: 8n * DOLLARS_E8 } },
  {
    label: '4 cores, 8 GB and up',
    filter: { ...NO_FILTER, minCores: 4, minMemoryGb: 8 },
  },
  { label: 'ARM', filter: { ...NO_FILTER, arch: 'Arm' } },
  { label: 'Proven sellers', filter: { ...NO_FILTER, minTrust: 50, sort: 'Trust' } },
];
