import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import { pageSequences, type PageRequest } from '@decent-cloud/kit/store/page.ts';
import { firstAtOrAfter } from '../core/statement/first-at-or-after.ts';
import { statementText, type StatementFormat } from '../core/statement/statement-text.ts';
import { payoutLineAt } from './payout-lines.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

export interface StatementRequest {
  /** Planned at this time or later. */
  readonly from: TimestampNs;
  /** Planned before this time. */
  readonly to: TimestampNs;
  readonly format: StatementFormat;
  /** `from` is what the part before gave as `next`. */
  readonly page: PageRequest;
}

/** A part of a statement; ask again with `next` for the one after it. */
export interface StatementPart {
  readonly text: string;
  readonly lines: number;
  readonly next: number | undefined;
}

/**
 * The caller's transfers that were planned within a period. A part costs what its lines cost: where
 * the period begins and ends is found without reading what is in between.
 */
export function statement(
  canister: Canister,
  { from, to, format, page }: StatementRequest,
): Result<StatementPart, TreasuryError> {
  const caller = requireUser(canister.runtime);
  if (caller.kind === 'err') return caller;
  if (from > to) return invalidArgument({ argument: 'from_ns', rule: 'must not be after to_ns' });
  const owner = caller.value;
  const first = rowAt(canister, owner, from);
  const end = rowAt(canister, owner, to);
  const start = page.from === undefined ? undefined : page.from - first;
  const { sequences, next } = pageSequences(end - first, { ...page, from: start });
  const lines = sequences.map((index) => payoutLineAt(canister, owner, first + index));
  const text = statementText({ format, lines, isFirst: page.from === undefined });
  return ok({ text, lines: lines.length, next: next === undefined ? undefined : first + next });
}

function rowAt({ storage }: Canister, owner: Principal, at: TimestampNs): number {
  const { payeeTransfers, transfers } = storage;
  const timeOf = (index: number) => {
    const row = present(payeeTransfers.get(owner, index), 'a payout is not listed');
    return present(transfers.get(row.transferId), 'a listed transfer is missing').plannedAt;
  };
  return firstAtOrAfter({ length: payeeTransfers.length(owner), timeOf }, at);
}
