import { IDL } from '@dfinity/candid';
import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { PageArgument, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import type { StatementPart, StatementRequest } from '../../flows/statement.flow.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { count, optional, record, text } from '@decent-cloud/kit/wire/wire.ts';

/** Lines in one part: what a query answers with room to spare. */
const MAX_LINES = 200;

export const StatementArgument = lazy(() =>
  IDL.Record({
    from_ns: IDL.Nat64,
    to_ns: IDL.Nat64,
    format: IDL.Variant({ Csv: IDL.Null, Json: IDL.Null }),
    page: PageArgument,
  }),
);

export interface WireStatementArgument {
  readonly from_ns: bigint;
  readonly to_ns: bigint;
  readonly format: { readonly Csv: null } | { readonly Json: null };
  readonly page: WirePageArgument;
}

export function statementFromWire(
  wire: WireStatementArgument,
): Result<StatementRequest, TreasuryError> {
  return mapOk(parsePage(wire.page, MAX_LINES), (page) => ({
    from: wire.from_ns as TimestampNs,
    to: wire.to_ns as TimestampNs,
    format: 'Csv' in wire.format ? 'csv' : 'json',
    page,
  }));
}

export const statementPart = record<StatementPart>({ text, lines: count, next: optional(count) });
