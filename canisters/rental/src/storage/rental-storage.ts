import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { openAccountStorage, type AccountStorage } from './accounts/accounts-storage.ts';
import { openArchiveStorage, type ArchiveStorage } from './archive/archive-storage.ts';
import { openHealthStorage, type HealthStorage } from './health/health-storage.ts';
import { openJobStorage, type JobStorage } from './jobs/jobs-storage.ts';
import { openMarketStorage, type MarketStorage } from './market/market-storage.ts';
import { MEMORY_IDS, type OpenNamed } from './memory-ids.ts';
import {
  openNotificationStorage,
  type NotificationStorage,
} from './notifications/notifications-storage.ts';
import { openRecipeStorage, type RecipeStorage } from './recipes/recipes-storage.ts';
import { openRentalStateStorage, type RentalStateStorage } from './rentals/rentals-storage.ts';
import { openStrayStorage, type StrayStorage } from './strays/strays-storage.ts';

const AREAS = [
  'accounts',
  'market',
  'recipes',
  'rentals',
  'jobs',
  'health',
  'notifications',
  'archive',
  'strays',
] as const satisfies readonly (keyof RentalStorage)[];

/**
 * All stable memory of this canister, by area. An area is opened when it is first used: a start must
 * not pay for what a message does not touch.
 */
export class RentalStorage {
  readonly #store: OpenNamed;
  #accounts: AccountStorage | undefined;
  #market: MarketStorage | undefined;
  #recipes: RecipeStorage | undefined;
  #rentals: RentalStateStorage | undefined;
  #jobs: JobStorage | undefined;
  #health: HealthStorage | undefined;
  #notifications: NotificationStorage | undefined;
  #archive: ArchiveStorage | undefined;
  #strays: StrayStorage | undefined;

  /** Over any store, so that flows can be tested without a canister. */
  constructor(openStore: (memoryId: number) => StableStore) {
    const opened = new Map<number, StableStore>();
    this.#store = (name) => {
      const id = MEMORY_IDS[name];
      const store = opened.get(id) ?? openStore(id);
      opened.set(id, store);
      return store;
    };
  }

  /** Accounts, providers, cloud accounts, agents, settings. */
  get accounts(): AccountStorage {
    return (this.#accounts ??= openAccountStorage(this.#store));
  }

  /** Catalogues, offerings and their search index. */
  get market(): MarketStorage {
    return (this.#market ??= openMarketStorage(this.#store));
  }

  get recipes(): RecipeStorage {
    return (this.#recipes ??= openRecipeStorage(this.#store));
  }

  /** Rentals, what was agreed, facts on their way to the treasury. */
  get rentals(): RentalStateStorage {
    return (this.#rentals ??= openRentalStateStorage(this.#store));
  }

  /** Jobs, their queues, timelines, logs, connection cards. */
  get jobs(): JobStorage {
    return (this.#jobs ??= openJobStorage(this.#store));
  }

  get health(): HealthStorage {
    return (this.#health ??= openHealthStorage(this.#store));
  }

  get notifications(): NotificationStorage {
    return (this.#notifications ??= openNotificationStorage(this.#store));
  }

  get archive(): ArchiveStorage {
    return (this.#archive ??= openArchiveStorage(this.#store));
  }

  /** Servers that no rental has. */
  get strays(): StrayStorage {
    return (this.#strays ??= openStrayStorage(this.#store));
  }

  /** A query that opens an area forgets it again, so that the next one would pay for it once more. */
  openAll(): void {
    for (const area of AREAS) Reflect.get(this, area);
  }
}
