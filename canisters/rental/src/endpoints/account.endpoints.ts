import { mapOk } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire, nothing, text } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { callerAccount } from '../flows/accounts/callers.ts';
import { addSshKey, putProfile, removeSshKey } from '../flows/accounts/edit-account.flow.ts';
import { setAgeKey, setPreferences } from '../flows/accounts/edit-account.flow.ts';
import { deleteAccount } from '../flows/accounts/delete-account.flow.ts';
import { exportData } from '../flows/accounts/export-data.ts';
import { account, accountView, ageKeyInput, preferences } from './wire/account-wire.ts';
import { exportedPart, exportPart, profileInput, sshKeyInput } from './wire/account-wire.ts';
import { resultOf } from './wire/error-wire.ts';

const AccountResult = resultOf(account);
const ExportResult = resultOf(exportedPart);
const NothingResult = resultOf(nothing);

/** What people do with their own account. */
export class AccountEndpoints {
  @query([], AccountResult.type)
  get_my_account(): WireResult<unknown> {
    return AccountResult.to(mapOk(callerAccount(canister), accountView));
  }

  @update([profileInput.type], AccountResult.type)
  put_my_profile(raw: unknown): WireResult<unknown> {
    const changed = putProfile(canister, fromWire(profileInput, raw));
    return AccountResult.to(mapOk(changed, accountView));
  }

  @update([ageKeyInput.type], AccountResult.type)
  set_age_key(raw: unknown): WireResult<unknown> {
    const changed = setAgeKey(canister, fromWire(ageKeyInput, raw));
    return AccountResult.to(mapOk(changed, accountView));
  }

  @update([preferences.type], AccountResult.type)
  set_preferences(raw: unknown): WireResult<unknown> {
    const changed = setPreferences(canister, fromWire(preferences, raw));
    return AccountResult.to(mapOk(changed, accountView));
  }

  @update([sshKeyInput.type], AccountResult.type)
  add_ssh_key(raw: unknown): WireResult<unknown> {
    const changed = addSshKey(canister, fromWire(sshKeyInput, raw));
    return AccountResult.to(mapOk(changed, accountView));
  }

  @update([text.type], AccountResult.type)
  remove_ssh_key(fingerprint: string): WireResult<unknown> {
    return AccountResult.to(mapOk(removeSshKey(canister, fingerprint), accountView));
  }

  @query([exportPart.type], ExportResult.type)
  export_my_data(raw: unknown): WireResult<unknown> {
    return ExportResult.to(exportData(canister, fromWire(exportPart, raw)));
  }

  @update([], NothingResult.type)
  delete_my_account(): WireResult<unknown> {
    return NothingResult.to(deleteAccount(canister));
  }
}
