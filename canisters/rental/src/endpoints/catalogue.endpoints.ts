import { andThen } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { publishCatalogue } from '../flows/market/publish-catalogue.flow.ts';
import { readCatalogue } from '../flows/market/read-catalogue.ts';
import {
  catalogueFromWire,
  catalogueInput,
  cataloguePage,
  catalogueReceipt,
  catalogueRequest,
} from './wire/catalogue-wire.ts';
import { resultOf } from './wire/error-wire.ts';

const ReceiptResult = resultOf(catalogueReceipt);
const PageResult = resultOf(cataloguePage);

/** What cloud accounts can order. */
export class CatalogueEndpoints {
  /** The cloud account's own agent only. */
  @update([catalogueInput.type], ReceiptResult.type)
  publish_catalogue(raw: Parameters<typeof catalogueFromWire>[0]): WireResult<unknown> {
    return ReceiptResult.to(
      andThen(catalogueFromWire(raw), (input) => publishCatalogue(canister, input)),
    );
  }

  /** Open to all. */
  @query([catalogueRequest.type], PageResult.type)
  get_catalogue(raw: unknown): WireResult<unknown> {
    return PageResult.to(readCatalogue(canister, fromWire(catalogueRequest, raw)));
  }
}
