import { invalidInput } from '../api-error.ts';

/** What a list can be sorted by. */
export type SortKeys<T> = Readonly<Record<string, (item: T) => string | number>>;

/** `?sort=name:desc&sort=id`; by id if the query does not say. Errors: `ApiError`. */
export function sortedBy<T>(
  items: readonly T[],
  query: URLSearchParams,
  keys: SortKeys<T>,
): readonly T[] {
  const wanted = query.getAll('sort');
  const orders = (wanted.length === 0 ? ['id'] : wanted).map((text) => {
    const [name = '', direction = 'asc', ...rest] = text.split(':');
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined || rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
      throw invalidInput({ sort: [`cannot sort by "${text}"`] });
    }
    return { key, sign: direction === 'asc' ? 1 : -1 };
  });
  return [...items].sort((a, b) => {
    for (const { key, sign } of orders) {
      const difference = compare(key(a), key(b));
      if (difference !== 0) return difference * sign;
    }
    return 0;
  });
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
