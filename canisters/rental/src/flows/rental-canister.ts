import type { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import type { RateLimiter } from '@decent-cloud/kit/guard/rate-limiter.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { Timers } from '@decent-cloud/kit/timers/timers.port.ts';
import type { RentalStorage } from '../storage/rental-storage.ts';

/** What flows work with; put together once in the composition root. */
export interface RentalCanister {
  readonly runtime: Runtime;
  readonly timers: Timers;
  readonly storage: RentalStorage;
  /** Held while a flow about one thing awaits. */
  readonly guards: Guards;
  /** People and sellers. */
  readonly callers: RateLimiter;
  /** Agents, who call far more often. */
  readonly agents: RateLimiter;
}
