import { invalidArgument, type RequestRefusal } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { parseProfileInput, withInput } from '../core/accounts/profile.ts';
import type { AccountProfile, ProfileInput } from '../core/accounts/profile.ts';
import type { RentalStorage } from '../storage/rental-storage.ts';

/** Makes or changes the caller's own profile. */
export function putProfile(
  { runtime, storage }: { readonly runtime: Runtime; readonly storage: RentalStorage },
  raw: ProfileInput,
): Result<AccountProfile, RequestRefusal> {
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const input = parseProfileInput(raw);
  if (input.kind === 'err') return invalidArgument(input.error);
  const profile = withInput({
    existing: storage.profiles.get(caller.value),
    input: input.value,
    at: runtime.time(),
    newId: () => storage.accountIds.next(),
  });
  storage.profiles.set(caller.value, profile);
  return ok(profile);
}
