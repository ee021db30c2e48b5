import { checkMemoryTable } from '@decent-cloud/kit/store/memory-table.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import table from '../../memory-ids.json' with { type: 'json' };

/** The stable memories of this canister by name; `memory-ids.json` is the one place to add one. */
export const MEMORY_IDS = checkMemoryTable(table);

/** Opens one of them. */
export type OpenNamed = (name: keyof typeof MEMORY_IDS) => StableStore;
