import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { number } from '@decent-cloud/kit/values/field.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { statsFields } from '../recipes/recipe-fields.ts';
import { CatalogueStore } from './catalogue-store.ts';
import { offeringFields } from './market-fields.ts';
import { offeringLinksKey, type OfferingLinks } from './offering-links.ts';
import { SearchIndex } from './search-index.ts';

/** Of the counters that all areas share. */
const OFFERING_COUNTER = 2;
const CACHED = { offerings: 256, stats: 512, scores: 512 } as const;

/** What is stored about market. */
export type MarketStorage = ReturnType<typeof openMarketStorage>;

export function openMarketStorage(store: OpenNamed) {
  return {
    offeringIds: new IdAllocator<OfferingId>({
      store: store('counters'),
      counter: OFFERING_COUNTER,
    }),
    catalogues: new CatalogueStore({
      headers: store('catalogue_headers'),
      items: store('machine_types'),
    }),
    offerings: openTable({
      store: store('offerings'),
      key: idKey<OfferingId>(),
      fields: offeringFields,
      cachedValues: CACHED.offerings,
    }),
    offeringLinks: new LinkedList<OfferingLinks, OfferingId>({
      store: store('offering_links'),
      parent: offeringLinksKey,
    }),
    index: new SearchIndex({ bitmaps: store('search_bitmaps'), entries: store('index_entries') }),
    /** How the real runs of an offer went. */
    stats: openTable({
      store: store('offering_stats'),
      key: idKey<OfferingId>(),
      fields: statsFields,
      cachedValues: CACHED.stats,
    }),
    /** The trust of sellers as last told, 0 to 1000; nothing without data. */
    scores: openTable<AccountId, { readonly score: number }>({
      store: store('provider_scores'),
      key: idKey<AccountId>(),
      fields: { score: number },
      cachedValues: CACHED.scores,
    }),
  };
}
