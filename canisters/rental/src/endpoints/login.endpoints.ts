import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire, nothing, principal, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { viewLoginOffer } from '../flows/accounts/account-views.ts';
import { acceptLogin, describeLogin, offerLogin } from '../flows/accounts/link-login.flow.ts';
import { unlinkLogin, withdrawLoginOffer } from '../flows/accounts/link-login.flow.ts';
import { account, accountView, loginInput, loginOf } from './wire/account-wire.ts';
import { loginOffer, loginOfferShown, offerShown, offerView } from './wire/account-wire.ts';
import { resultOf } from './wire/error-wire.ts';

const accountId: Wire<AccountId> = count;
const AccountResult = resultOf(account);
const OfferResult = resultOf(loginOffer);
const OfferShownResult = resultOf(loginOfferShown);
const NothingResult = resultOf(nothing);

/** Several ways to sign in to one account. */
export class LoginEndpoints {
  @update([loginInput.type], OfferResult.type)
  offer_login(raw: unknown): WireResult<unknown> {
    const offered = offerLogin(canister, loginOf(fromWire(loginInput, raw)));
    return OfferResult.to(mapOk(offered, offerView));
  }

  @update([], NothingResult.type)
  withdraw_login_offer(): WireResult<unknown> {
    return NothingResult.to(withdrawLoginOffer(canister));
  }

  /** For the principal that the login was offered to. */
  @query([accountId.type], OfferShownResult.type)
  get_login_offer(raw: unknown): WireResult<unknown> {
    const view = viewLoginOffer(canister, fromWire(accountId, raw));
    return OfferShownResult.to(mapOk(view, offerShown));
  }

  /** For the principal that the login was offered to. */
  @update([accountId.type], AccountResult.type)
  accept_login(raw: unknown): WireResult<unknown> {
    return AccountResult.to(mapOk(acceptLogin(canister, fromWire(accountId, raw)), accountView));
  }

  @update([loginInput.type], AccountResult.type)
  describe_login(raw: unknown): WireResult<unknown> {
    const changed = describeLogin(canister, loginOf(fromWire(loginInput, raw)));
    return AccountResult.to(mapOk(changed, accountView));
  }

  @update([principal.type], AccountResult.type)
  unlink_login(who: Principal): WireResult<unknown> {
    return AccountResult.to(mapOk(unlinkLogin(canister, who), accountView));
  }
}
