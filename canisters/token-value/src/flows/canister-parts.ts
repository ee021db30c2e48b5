import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { TokenValueStorage } from '../storage/token-value-storage.ts';
import type { PriceBook } from './price-book.ts';
import type { Sampler } from './sampler.ts';

/** What flows work with. */
export interface CanisterParts {
  readonly runtime: Runtime;
  readonly storage: TokenValueStorage;
  readonly prices: PriceBook;
  readonly sampler: Sampler;
}
