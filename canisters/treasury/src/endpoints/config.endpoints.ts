import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, type WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import { setSettings } from '../flows/set-settings.flow.ts';
import { setToken } from '../flows/set-token.flow.ts';
import { settings, settingsFromWire, type WireSettings } from './wire/config-wire.ts';
import { token, tokenFromWire, type WireToken } from './wire/config-wire.ts';
import { resultOf } from './wire/error-wire.ts';
import { journalEntry } from './wire/event-wire.ts';
import { answerPage, pageResultOf } from './wire/page-wire.ts';
import { count } from '@decent-cloud/kit/wire/wire.ts';

const EventNumberResult = resultOf(count);
const SettingsResult = resultOf(settings);
const TokenResult = resultOf(token);
const TokenPageResult = pageResultOf(token);
const EventPageResult = pageResultOf(journalEntry);

/** Whom the treasury listens to and which tokens it takes. Reading is open to all. */
export class ConfigEndpoints {
  /** Controllers only. Gives the number of the event in the journal. */
  @update([settings.type], EventNumberResult.type)
  set_settings(wire: WireSettings): WireResult<unknown> {
    return EventNumberResult.to(setSettings(canister, settingsFromWire(wire)));
  }

  @query([], SettingsResult.type)
  settings(): WireResult<unknown> {
    return SettingsResult.to(found(canister.storage.settings.get(null), 'setting yet'));
  }

  /** Controllers only. Gives the number of the event in the journal. */
  @update([token.type], EventNumberResult.type)
  set_token(wire: WireToken): WireResult<unknown> {
    return EventNumberResult.to(setToken(canister, tokenFromWire(wire)));
  }

  @query([IDL.Principal], TokenResult.type)
  get_token(ledger: Principal): WireResult<unknown> {
    return TokenResult.to(found(canister.storage.tokens.get(ledger), 'token'));
  }

  @query([PageArgument], TokenPageResult.type)
  list_tokens(page: WirePageArgument): WireResult<unknown> {
    return answerPage(TokenPageResult, page, (request) => canister.storage.tokens.page(request));
  }

  /** Everything that ever happened, in order. */
  @query([PageArgument], EventPageResult.type)
  list_events(page: WirePageArgument): WireResult<unknown> {
    return answerPage(EventPageResult, page, (request) => canister.storage.journal.page(request));
  }
}
