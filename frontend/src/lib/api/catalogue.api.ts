import { msOfNs } from '../services/format.service.ts';
import type { CatalogueFacts } from '../services/catalogue.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

const PAGE = 50;

/** All that a cloud account can order; undefined before its agent first read the cloud. */
export async function readCatalogue(
  { rental }: Pick<Actors, 'rental'>,
  cloudAccountId: bigint,
): Promise<CatalogueFacts | undefined> {
  const request = { cloud_account_id: cloudAccountId, limit: PAGE };
  const first = okUnless('NotFound', await rental.get_catalogue({ ...request, from: [] }));
  if (first === undefined) return undefined;
  const types = [...first.types];
  let { next } = first;
  while (next.length > 0) {
    const page: Rental.CataloguePage = okOf(await rental.get_catalogue({ ...request, from: next }));
    types.push(...page.types);
    next = page.next;
  }
  const { currency, locations, images, is_stale: isStale } = first;
  return { currency, locations, images, types, isStale, readAtMs: msOfNs(first.read_at_ns) };
}
