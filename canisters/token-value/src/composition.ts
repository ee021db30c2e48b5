import { azleRuntime } from '@decent-cloud/kit/azle/azle.runtime.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { azleTimers } from '@decent-cloud/kit/azle/azle.timers.ts';
import { CanisterMetrics } from '@decent-cloud/kit/http/canister-metrics.ts';
import { PriceBook } from './flows/price-book.ts';
import { Sampler } from './flows/sampler.ts';
import { openStorage } from './storage/token-value-storage.ts';

const [runtime, timers] = [azleRuntime, azleTimers];
const storage = openStorage(azleStableStore);
const prices = new PriceBook({ runtime, timers, storage });
const sampler = new Sampler({ runtime, timers, storage, prices });

/** The canister's parts, put together once when its code starts. */
export const canister = {
  runtime,
  timers,
  storage,
  prices,
  sampler,
  metrics: new CanisterMetrics({ prefix: 'dc_token_value', runtime }),
};
