import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { LinkedList, LinkedPage } from '@decent-cloud/kit/store/linked-list.ts';
import type { RentalError } from './rental-errors.ts';

/** Rows of one page, where its method says nothing else. */
const MAX_PAGE = 50;

/** `from` is the `next` of the page before; without it the list begins, with the newest. */
export interface IdPageRequest<Id> {
  readonly from?: Id | undefined;
  readonly limit: number;
}

/** The limit of a page, looked at before anything is read. */
export function checkLimit(limit: number, most = MAX_PAGE): Result<null, RentalError> {
  if (limit >= 1 && limit <= most) return ok(null);
  return invalidArgument({ argument: 'limit', rule: `must be between 1 and ${most}` });
}

/** A page of one of the lists, the newest first. */
export function pageOfIds<P, Id extends number>(
  lists: Pick<LinkedList<P, Id>, 'page'>,
  of: P,
  { from, limit }: IdPageRequest<Id>,
): Result<LinkedPage<Id>, RentalError> {
  const checked = checkLimit(limit);
  if (checked.kind === 'err') return checked;
  const page = lists.page(of, { from, limit });
  return page === undefined ? refuseGone() : ok(page);
}

/** Where a page was to begin, there is nothing any more. */
export function refuseGone() {
  const rule = 'the list changed: start again without from';
  return invalidArgument({ argument: 'from', rule });
}
