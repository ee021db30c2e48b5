import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, bool, principal, text, union } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { PriceOrigin, PriceSource } from '../core/sources/price-source.ts';
import { MEMORY_IDS } from './memory-ids.ts';

const sourceCodec = valueCodec<PriceSource>({
  version: 1,
  fields: {
    origin: union<PriceOrigin>({
      'icpswap-pool': { pool: principal, base: principal, quote: principal },
      'exchange-rate': { canister: principal, baseSymbol: text, quoteSymbol: text },
    }),
    minDepth: bigint<UsdE8>(),
    isEnabled: bool,
  },
});

/** All stable memory of this canister. */
export interface TokenValueStorage {
  /** A source's number is its id. */
  readonly sources: DenseList<null, PriceSource>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): TokenValueStorage {
  const store = openStore(MEMORY_IDS.sources);
  return { sources: new DenseList({ store, parent: whole, value: sourceCodec }) };
}
