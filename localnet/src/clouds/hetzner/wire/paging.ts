import { invalidInput } from '../api-error.ts';

const PER_PAGE_DEFAULT = 25;
const PER_PAGE_MAX = 50;

export interface Pagination {
  readonly page: number;
  readonly per_page: number;
  readonly previous_page: number | null;
  readonly next_page: number | null;
  readonly last_page: number | null;
  readonly total_entries: number | null;
}

/** The page that the query asks for. Errors: `ApiError`. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly meta: { readonly pagination: Pagination } } {
  const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const perPage = wholeNumber(query, 'per_page', PER_PAGE_DEFAULT, PER_PAGE_MAX);
  const lastPage = Math.max(Math.ceil(items.length / perPage), 1);
  const pagination = {
    page,
    per_page: perPage,
    previous_page: page > 1 ? page - 1 : null,
    next_page: page < lastPage ? page + 1 : null,
    last_page: lastPage,
    total_entries: items.length,
  };
  return { items: items.slice((page - 1) * perPage, page * perPage), meta: { pagination } };
}

function wholeNumber(query: URLSearchParams, name: string, usual: number, max: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && value >= 1 && value <= max) return value;
  throw invalidInput({ [name]: [`must be between 1 and ${max}`] });
}
