import { mapOk } from '@decent-cloud/domain/result.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { pageType, pageToWire, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { resultOf, type ResultWire } from './error-wire.ts';
import type { Wire } from './wire.ts';

/** Rows in one page. */
export const MAX_PAGE = 50;

function pageOf<T>(wire: Wire<T>): Wire<Page<T>> {
  return {
    type: lazy(() => pageType(wire.type)),
    to: (page) => pageToWire(page, wire.to),
  };
}

/** The answer of a method that gives pages of `wire`. */
export function pageResultOf<T>(wire: Wire<T>): ResultWire<Page<T>> {
  return resultOf(pageOf(wire));
}

/** Reads the page that was asked for, or refuses one that is too long. */
export function answerPage<T>(
  { to }: ResultWire<Page<T>>,
  argument: WirePageArgument,
  read: (request: PageRequest) => Page<T>,
): WireResult<unknown> {
  return to(mapOk(parsePage(argument, MAX_PAGE), read));
}

/** The same page of what the rows stand for. */
export function mapPage<T, U>(page: Page<T>, change: (value: T) => U): Page<U> {
  return {
    next: page.next,
    rows: page.rows.map(({ seq, value }) => ({ seq, value: change(value) })),
  };
}
