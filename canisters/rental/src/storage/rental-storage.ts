import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal } from '@decent-cloud/kit/keys/principal-key.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, optional, plainAs, text } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { AccountProfile } from '../core/accounts/profile.ts';
import { MEMORY_IDS } from './memory-ids.ts';

const CACHED_PROFILES = 200;
/** Which number of the counters' memory counts what. Like memory ids: never reused. */
const COUNTERS = { accounts: 0 } as const;

const profileCodec = valueCodec<AccountProfile>({
  version: 1,
  fields: {
    id: plainAs<AccountId>(),
    displayName: text,
    ageRecipient: optional(text),
    createdAt: bigint<TimestampNs>(),
    updatedAt: bigint<TimestampNs>(),
  },
});

/** All stable memory of this canister. */
export interface RentalStorage {
  readonly accountIds: IdAllocator<AccountId>;
  readonly profiles: StableMap<Principal, AccountProfile>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): RentalStorage {
  const counters = openStore(MEMORY_IDS.counters);
  return {
    accountIds: new IdAllocator({ store: counters, counter: COUNTERS.accounts }),
    profiles: new StableMap({
      store: openStore(MEMORY_IDS.profiles),
      key: keyCodec(principal),
      value: profileCodec,
      cachedValues: CACHED_PROFILES,
    }),
  };
}
