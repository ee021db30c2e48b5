import { IDL } from '@dfinity/candid';
import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '../candid/lazy-type.ts';
import type { Page, PageRequest } from '../store/page.ts';
import { invalidArgument, type InvalidArgument } from './common-errors.ts';

/** How a caller asks for a page: where to start, how many rows, which end first. */
export const PageArgument = lazy(() =>
  IDL.Record({
    from: IDL.Opt(IDL.Nat64),
    limit: IDL.Nat32,
    newest_first: IDL.Bool,
  }),
);

export interface WirePageArgument {
  readonly from: [] | [bigint];
  readonly limit: number;
  readonly newest_first: boolean;
}

/** Refuses a page of no rows or of more than `maxLimit`; each row costs instructions and bytes. */
export function parsePage(
  wire: WirePageArgument,
  maxLimit: number,
): Result<PageRequest, ErrorArm<'request', InvalidArgument>> {
  if (wire.limit < 1 || wire.limit > maxLimit) {
    return invalidArgument({ argument: 'limit', rule: `must be between 1 and ${maxLimit}` });
  }
  const from = wire.from[0] === undefined ? undefined : Number(wire.from[0]);
  const order = wire.newest_first ? 'newest-first' : 'oldest-first';
  return ok({ order, from, limit: wire.limit });
}

/** The Candid type of a page of `rowType`. */
export function pageType(rowType: IDL.Type): IDL.RecordClass {
  return lazy(() =>
    IDL.Record({
      rows: IDL.Vec(IDL.Record({ seq: IDL.Nat64, value: rowType })),
      next: IDL.Opt(IDL.Nat64),
    }),
  );
}

export interface WirePage<Wire> {
  readonly rows: readonly { readonly seq: bigint; readonly value: Wire }[];
  readonly next: [] | [bigint];
}

export function pageToWire<T, Wire>(page: Page<T>, rowToWire: (value: T) => Wire): WirePage<Wire> {
  return {
    rows: page.rows.map(({ seq, value }) => ({ seq: BigInt(seq), value: rowToWire(value) })),
    next: page.next === undefined ? [] : [BigInt(page.next)],
  };
}
