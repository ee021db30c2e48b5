import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import {
  checkHistoryRange,
  historyPoints,
  type HistoryPoint,
  type HistoryRange,
} from '../core/history/price-history.ts';
import type { CanisterParts } from './canister-parts.ts';
import { unknownToken, type TokenValueRefusal } from './token-value-errors.ts';

/** The prices of a token in steps, for a chart; thirty days are kept. */
export function readHistory(
  { runtime, storage }: CanisterParts,
  wanted: HistoryRange & { readonly ledger: Principal },
): Result<readonly HistoryPoint[], TokenValueRefusal> {
  const row = storage.config.token(wanted.ledger);
  if (row === undefined) return unknownToken();
  const range = checkHistoryRange(wanted);
  if (range.kind === 'err') return invalidArgument(range.error);
  const { fromNs, toNs } = wanted;
  const points = storage.history.points(row.index, { fromNs, toNs, nowNs: runtime.time() });
  const buckets = historyPoints({ ...wanted, points });
  return buckets.kind === 'err' ? invalidArgument(buckets.error) : ok(buckets.value);
}
