import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { andThen } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import { canister } from '../composition.ts';
import { putProfile } from '../flows/put-profile.flow.ts';
import { inputFromWire, ProfileInputType, ProfileResult, profileToWire } from './account-wire.ts';
import type { WireProfile, WireProfileInput } from './account-wire.ts';

/** What people do with their own account. */
export class AccountEndpoints {
  /** The caller's profile; `NotFound` until it is first put. */
  @query([], ProfileResult)
  get_my_profile(): WireResult<WireProfile> {
    const { runtime, storage } = canister;
    const profile = andThen(requireUser(runtime), (caller) =>
      found(storage.profiles.get(caller), 'profile'),
    );
    return toWire(profile, profileToWire);
  }

  /** Makes or changes the caller's profile and gives it back. */
  @update([ProfileInputType], ProfileResult)
  put_my_profile(input: WireProfileInput): WireResult<WireProfile> {
    return toWire(putProfile(canister, inputFromWire(input)), profileToWire);
  }
}
