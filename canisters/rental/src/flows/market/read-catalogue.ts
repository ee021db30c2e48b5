import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { CloudLocation, MachineImage, MachineType } from '../../core/market/catalogue.ts';
import { isStale } from '../../core/market/orderable.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

export interface CatalogueRequest {
  readonly cloudAccountId: CloudAccountId;
  /** The number of the first type; the first page has no `from`. */
  readonly from?: number | undefined;
  readonly limit: number;
}

export interface CataloguePage {
  readonly readAt: TimestampNs;
  readonly isStale: boolean;
  readonly currency: string;
  /** With the first page only. */
  readonly locations: readonly CloudLocation[];
  readonly images: readonly MachineImage[];
  readonly types: readonly MachineType[];
  readonly next: number | undefined;
}

const MAX_TYPES = 50;

/** What a cloud account can order, in the cloud's own order. Open to all. */
export function readCatalogue(
  c: RentalCanister,
  request: CatalogueRequest,
): Result<CataloguePage, RentalError> {
  const { cloudAccountId: account, from = 0, limit } = request;
  if (limit < 1 || limit > MAX_TYPES) {
    return invalidArgument({ argument: 'limit', rule: `must be 1 to ${MAX_TYPES}` });
  }
  const { catalogues } = c.storage.market;
  const state = catalogues.state(account);
  if (state === undefined) {
    const message =
      `Nothing is known of what cloud account ${account} can order: ` +
      'there is no such account, or its agent has not published a catalogue yet. Look at the number again.';
    return refuse({ kind: 'not-found' }, message);
  }
  const names = catalogues.names(account);
  const lookup = catalogues.lookup(account);
  const isFirst = request.from === undefined;
  const end = from + limit;
  return ok({
    ...state,
    isStale: isStale(state.readAt, c.runtime.time()),
    locations: isFirst ? all(names.locations, lookup.location) : [],
    images: isFirst ? all(names.images, lookup.image) : [],
    types: all(names.types.slice(from, end), lookup.type),
    next: end < names.types.length ? end : undefined,
  });
}

function all<T>(names: readonly string[], get: (name: string) => T | undefined): readonly T[] {
  return names.map((name) => present(get(name), `a catalogue has lost ${name}`));
}
