import { durationNs } from '@decent-cloud/domain/time.ts';
import { azleRuntime } from '@decent-cloud/kit/azle/azle.runtime.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { azleTimers } from '@decent-cloud/kit/azle/azle.timers.ts';
import { RateLimiter } from '@decent-cloud/kit/guard/rate-limiter.ts';
import { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import { CanisterMetrics } from '@decent-cloud/kit/http/canister-metrics.ts';
import type { RentalCanister } from './flows/rental-canister.ts';
import { RentalStorage } from './storage/rental-storage.ts';

interface Composition extends RentalCanister {
  readonly metrics: CanisterMetrics;
}

const windowNs = durationNs({ minutes: 1 });

/** The canister's parts, put together once when its code starts. */
export const canister: Composition = {
  runtime: azleRuntime,
  timers: azleTimers,
  storage: new RentalStorage(azleStableStore),
  guards: new Guards(),
  callers: new RateLimiter({ windowNs, limit: 60, maxCallers: 10_000 }),
  agents: new RateLimiter({ windowNs, limit: 6_000, maxCallers: 1_000 }),
  metrics: new CanisterMetrics({ prefix: 'dc_rental', runtime: azleRuntime }),
};
