import { mapOk } from '@decent-cloud/domain/result.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { pageOf } from '@decent-cloud/kit/wire/page-wire.ts';
import type { ResultWire } from '@decent-cloud/kit/wire/result-wire.ts';
import type { Wire } from '@decent-cloud/kit/wire/wire.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { resultOf } from './error-wire.ts';

/** Rows in one page. */
export const MAX_PAGE = 50;

/** The answer of a method that gives pages of `wire`. */
export function pageResultOf<T>(wire: Wire<T>): ResultWire<Page<T>, TreasuryError> {
  return resultOf(pageOf(wire));
}

/** Reads the page that was asked for, or refuses one that is too long. */
export function answerPage<T>(
  { to }: ResultWire<Page<T>, TreasuryError>,
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
