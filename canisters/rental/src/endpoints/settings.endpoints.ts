import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { settingsOf } from '../flows/accounts/callers.ts';
import { changeSettings } from '../flows/accounts/change-settings.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { settings } from './wire/settings-wire.ts';

const SettingsResult = resultOf(settings);

/** What controllers decide. */
export class SettingsEndpoints {
  /** Controllers only. */
  @update([settings.type], SettingsResult.type)
  set_settings(raw: unknown): WireResult<unknown> {
    return SettingsResult.to(changeSettings(canister, fromWire(settings, raw)));
  }

  /** For everybody. */
  @query([], SettingsResult.type)
  settings(): WireResult<unknown> {
    return SettingsResult.to(settingsOf(canister));
  }
}
