import { csvRecords } from './export.service.ts';

export type StatementFormat = 'csv' | 'json';

/** A part of a statement as the treasury gave it. */
export interface StatementPart {
  readonly text: string;
  /** As the treasury counted them. */
  readonly lines: number;
  /** Where the next part begins. */
  readonly next: bigint | undefined;
}

/** Reads one part; the first without `from`. */
export type ReadStatementPart = (from: bigint | undefined) => Promise<StatementPart>;

export interface StatementFile {
  readonly text: string;
  readonly lines: number;
}

/** The first column of the header: RFC 4180 with a header in the first part only. */
const HEADER_START = 'planned_at,';

/**
 * Reads every part and makes one file of them, with one header and as many lines as the treasury
 * counted. Throws if the parts do not fit together; then there is no file.
 */
export async function statementFile(
  format: StatementFormat,
  read: ReadStatementPart,
): Promise<StatementFile> {
  const parts: StatementPart[] = [];
  let from: bigint | undefined;
  do {
    const part = await read(from);
    parts.push(part);
    from = part.next;
  } while (from !== undefined);
  return format === 'csv' ? joinCsv(parts) : joinJson(parts);
}

function joinCsv(parts: readonly StatementPart[]): StatementFile {
  const records = parts.map(({ text }) => csvRecords(text));
  const header = records[0]?.[0];
  if (header?.startsWith(HEADER_START) !== true) {
    throw new Error('The statement has no header, so its columns are not known. No file was made.');
  }
  const rows = records.flat().filter((record) => record !== header);
  return counted(parts, { text: [header, ...rows].join(''), lines: rows.length });
}

/** Each part is an array of objects, one a line. */
function joinJson(parts: readonly StatementPart[]): StatementFile {
  const objects = parts.flatMap(({ text }) => {
    const part: unknown = JSON.parse(text);
    if (!Array.isArray(part))
      throw new Error('A part of the statement is no list. No file was made.');
    return part.map((object) => JSON.stringify(object));
  });
  const text = objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
  return counted(parts, { text, lines: objects.length });
}

function counted(parts: readonly StatementPart[], file: StatementFile): StatementFile {
  const expected = parts.reduce((sum, { lines }) => sum + lines, 0);
  if (file.lines === expected) return file;
  throw new Error(
    `The statement has ${file.lines} lines, and the treasury counted ${expected}. No file was made.`,
  );
}

/** A stretch of time that a statement is made for. */
export interface StatementSpan {
  readonly value: string;
  readonly label: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const NS_PER_MS = 1_000_000n;

/** The month that runs and those before it, in UTC, the newest first; then the time before them. */
export function statementSpans(nowMs: number, months: number): readonly StatementSpan[] {
  const now = new Date(nowMs);
  const starts = Array.from({ length: months + 1 }, (_, back) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - back, 1),
  );
  const spans = starts.slice(1).map((startMs, index): StatementSpan => {
    const value = monthKey(startMs);
    return {
      value,
      label: monthLabel(value),
      fromNs: BigInt(startMs) * NS_PER_MS,
      toNs: BigInt(starts[index] ?? nowMs) * NS_PER_MS,
    };
  });
  const [newest] = spans;
  const all: StatementSpan = {
    value: 'all',
    label: 'Everything',
    fromNs: 0n,
    toNs: newest?.toNs ?? BigInt(nowMs) * NS_PER_MS,
  };
  return [...spans, all];
}

/** `2026-11` in UTC. */
export function monthKey(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** `November 2026` for `2026-11`. */
export function monthLabel(key: string): string {
  const format = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${key}-01T00:00:00Z`));
}
