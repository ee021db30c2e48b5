import { invalidInput } from '../api-error.ts';
import { matchesSelector, parseSelector } from '../rules/label-selector.ts';
import type { Labels } from '../rules/labels.ts';
import { pageOf } from '../wire/paging.ts';
import { ok, type ApiAnswer } from './endpoint.ts';

/** One page of a list under its name. Errors: `ApiError`. */
export function listAnswer<T>(
  name: string,
  items: readonly T[],
  query: URLSearchParams,
  toJson: (item: T) => unknown,
): ApiAnswer {
  const page = pageOf(items, query);
  return ok({ [name]: page.items.map(toJson), meta: page.meta });
}

/** Those with that `?name=`, if the query has one. */
export function withName<T extends { readonly name: string }>(
  items: readonly T[],
  query: URLSearchParams,
): readonly T[] {
  const name = query.get('name');
  return name === null ? items : items.filter((one) => one.name === name);
}

/** Those that the `?label_selector=` selects, if the query has one. Errors: `ApiError`. */
export function withLabels<T extends { readonly labels: Labels }>(
  items: readonly T[],
  query: URLSearchParams,
): readonly T[] {
  const text = query.get('label_selector');
  if (text === null) return items;
  const selector = parseSelector(text);
  if (selector === undefined)
    throw invalidInput({ label_selector: ['label selector is not valid'] });
  return items.filter((one) => matchesSelector(selector, one.labels));
}
