import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, pageToWire, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePage, WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import { setToken } from '../flows/set-token.flow.ts';
import { EventNumberResult, EventPageResult, Token } from './token-wire.ts';
import { eventToWire, TokenPageResult, TokenResult, tokenFromWire } from './token-wire.ts';
import { tokenToWire, type WireEvent, type WireToken } from './token-wire.ts';

const MAX_PAGE = 50;

/** Which tokens the treasury takes. Reading is open to all: the books are public. */
export class TokenEndpoints {
  /** Controllers only. Gives the number of the event in the journal. */
  @update([Token], EventNumberResult)
  set_token(token: WireToken): WireResult<bigint> {
    return toWire(setToken(canister, tokenFromWire(token)), BigInt);
  }

  @query([IDL.Principal], TokenResult)
  get_token(ledger: Principal): WireResult<WireToken> {
    return toWire(found(canister.storage.tokens.get(ledger), 'token'), tokenToWire);
  }

  @query([PageArgument], TokenPageResult)
  list_tokens(argument: WirePageArgument): WireResult<WirePage<WireToken>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = mapOk(request, (wanted) => canister.storage.tokens.page(wanted));
    return toWire(page, (rows) => pageToWire(rows, tokenToWire));
  }

  /** Everything that ever happened, in order. */
  @query([PageArgument], EventPageResult)
  list_events(argument: WirePageArgument): WireResult<WirePage<WireEvent>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = mapOk(request, (wanted) => canister.storage.journal.page(wanted));
    return toWire(page, (rows) => pageToWire(rows, eventToWire));
  }
}
