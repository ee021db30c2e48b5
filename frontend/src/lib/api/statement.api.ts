import type { StatementFormat, StatementPart } from '../services/statement.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';

const LINES = 200;

/** One part of the caller's statement of a stretch of time, the oldest lines first. */
export async function readStatementPart(
  { treasury }: Pick<Actors, 'treasury'>,
  asked: {
    readonly fromNs: bigint;
    readonly toNs: bigint;
    readonly format: StatementFormat;
    readonly from: bigint | undefined;
  },
): Promise<StatementPart> {
  const { fromNs, toNs, format, from } = asked;
  const part = okOf(
    await treasury.statement({
      from_ns: fromNs,
      to_ns: toNs,
      format: format === 'csv' ? { Csv: null } : { Json: null },
      page: { from: from === undefined ? [] : [from], limit: LINES, newest_first: false },
    }),
  );
  return { text: part.text, lines: Number(part.lines), next: part.next[0] };
}
