import { Journal } from '@decent-cloud/kit/store/journal.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { principal, record, union } from '@decent-cloud/kit/values/field.ts';
import type { TreasuryEvent } from '../core/events.ts';
import { MEMORY_IDS } from './memory-ids.ts';
import { tokenFields, TokenStore } from './token-store.ts';

const eventField = union<TreasuryEvent>({
  'token-configured': { by: principal, config: record(tokenFields) },
});

/** All stable memory of this canister. */
export interface TreasuryStorage {
  readonly journal: Journal<TreasuryEvent>;
  readonly tokens: TokenStore;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): TreasuryStorage {
  return {
    journal: new Journal({
      store: openStore(MEMORY_IDS.journal),
      version: 1,
      event: eventField,
    }),
    tokens: new TokenStore({
      rows: openStore(MEMORY_IDS.tokens),
      numbers: openStore(MEMORY_IDS.token_numbers),
    }),
  };
}
