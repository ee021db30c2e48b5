import { azleRuntime } from '@decent-cloud/kit/azle/azle.runtime.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { CanisterMetrics } from '@decent-cloud/kit/http/canister-metrics.ts';
import { openStorage } from './storage/treasury-storage.ts';

/** The canister's parts, put together once when its code starts. */
export const canister = {
  runtime: azleRuntime,
  storage: openStorage(azleStableStore),
  metrics: new CanisterMetrics({ prefix: 'dc_treasury', runtime: azleRuntime }),
};
