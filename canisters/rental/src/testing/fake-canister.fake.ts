import { Principal } from '@dfinity/principal';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { RateLimiter } from '@decent-cloud/kit/guard/rate-limiter.ts';
import { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
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

interface Memories {
  readonly open: (memoryId: number) => StableStore;
}

/** Callers are not limited unless `callsPerMinute` says so; `memories` may be looked into by a test. */
export function fakeCanister(
  options: {
    readonly callsPerMinute?: number;
    readonly memories?: Memories;
  } = {},
): FakeCanister {
  const { callsPerMinute = 1_000_000, memories = new FakeMemories() } = options;
  return overMemories(memories, new FakeRuntime(), callsPerMinute);
}

function overMemories(memories: Memories, runtime: FakeRuntime, limit: number): FakeCanister {
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
