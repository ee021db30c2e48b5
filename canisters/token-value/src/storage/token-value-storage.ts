import { Journal } from '@decent-cloud/kit/store/journal.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { ConfigStore } from './config-store.ts';
import { HistoryStore } from './history-store.ts';
import { journalEventField, type JournalEvent } from './journal-events.ts';
import { MEMORY_IDS } from './memory-ids.ts';
import { ReportStore } from './report-store.ts';
import { SampleStore } from './sample-store.ts';

/** All stable memory of this canister. */
export interface TokenValueStorage {
  readonly config: ConfigStore;
  readonly samples: SampleStore;
  readonly reports: ReportStore;
  readonly history: HistoryStore;
  readonly journal: Journal<JournalEvent>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): TokenValueStorage {
  return {
    config: new ConfigStore({
      sources: openStore(MEMORY_IDS.price_sources),
      tokens: openStore(MEMORY_IDS.token_pricings),
    }),
    samples: new SampleStore({
      states: openStore(MEMORY_IDS.source_states),
      samples: openStore(MEMORY_IDS.samples),
    }),
    reports: new ReportStore(openStore(MEMORY_IDS.reports)),
    history: new HistoryStore(openStore(MEMORY_IDS.history)),
    journal: new Journal({
      store: openStore(MEMORY_IDS.journal),
      version: 1,
      event: journalEventField,
    }),
  };
}
