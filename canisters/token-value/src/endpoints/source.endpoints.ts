import { IDL } from '@dfinity/candid';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, pageToWire, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePage, WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import { addSource, setSourceEnabled } from '../flows/configure-source.flow.ts';
import { SourceArgument, sourceFromWire, SourceIdResult, SourcePageResult } from './source-wire.ts';
import { SourceResult, sourceToWire } from './source-wire.ts';
import type { WireSource, WireSourceArgument } from './source-wire.ts';

const MAX_PAGE = 50;

/** Where prices come from. Reading is open to all: everybody may check how a price is made. */
export class SourceEndpoints {
  /** Controllers only. Gives the new source's id. */
  @update([SourceArgument], SourceIdResult)
  add_source(source: WireSourceArgument): WireResult<bigint> {
    return toWire(addSource(canister, sourceFromWire(source)), BigInt);
  }

  /** Controllers only. Gives the source as it is now. */
  @update([IDL.Nat64, IDL.Bool], SourceResult)
  set_source_enabled(id: bigint, isEnabled: boolean): WireResult<WireSource> {
    return toWire(setSourceEnabled(canister, { seq: Number(id), isEnabled }), sourceToWire);
  }

  @query([IDL.Nat64], SourceResult)
  get_source(id: bigint): WireResult<WireSource> {
    return toWire(found(canister.storage.sources.get(null, Number(id)), 'source'), sourceToWire);
  }

  @query([PageArgument], SourcePageResult)
  list_sources(argument: WirePageArgument): WireResult<WirePage<WireSource>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = mapOk(request, (wanted) => canister.storage.sources.page(null, wanted));
    return toWire(page, (rows) => pageToWire(rows, sourceToWire));
  }
}
