import { Principal } from '@dfinity/principal';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { RateLimiter } from '@decent-cloud/kit/guard/rate-limiter.ts';
import { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { RentalCanister } from '../flows/rental-canister.ts';
import { RentalStorage } from '../storage/rental-storage.ts';

/** The canister on the heap: its clock, caller and callees are what a test says. */
export interface FakeCanister extends RentalCanister {
  readonly runtime: FakeRuntime;
  readonly timers: FakeTimers;
  /** The same memories opened anew, as after an upgrade. */
  readonly upgraded: () => FakeCanister;
}

/** Callers are not limited unless `callsPerMinute` says so. */
export function fakeCanister(options: { readonly callsPerMinute?: number } = {}): FakeCanister {
  return overMemories(new FakeMemories(), new FakeRuntime(), options.callsPerMinute ?? 1_000_000);
}

function overMemories(memories: FakeMemories, runtime: FakeRuntime, limit: number): FakeCanister {
  const rate = { windowNs: durationNs({ minutes: 1 }), limit, maxCallers: 10_000 };
  return {
    runtime,
    timers: new FakeTimers(),
    storage: new RentalStorage(memories.open),
    guards: new Guards(),
    callers: new RateLimiter(rate),
    agents: new RateLimiter(rate),
    upgraded: () => overMemories(memories, runtime, limit),
  };
}

/** Some principal of a person, the same for the same name. */
export function personCalled(name: string): Principal {
  return Principal.selfAuthenticating(new TextEncoder().encode(name));
}
