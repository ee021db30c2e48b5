/** A part of an export as a canister gave it. */
export interface ExportPart {
  readonly content: string;
  /** Of the content, in hex, as the canister says. */
  readonly sha256: string;
  readonly next: bigint | undefined;
}

export type ExportFormat = 'csv' | 'json';

/** Reads one part; the first without `from`. */
export type ReadPart = (from: bigint | undefined) => Promise<ExportPart>;

/** A file that was put together and checked. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
  /** Of the whole file, in hex. */
  readonly sha256: string;
  readonly records: number;
  /** Parts whose hashes were compared. */
  readonly parts: number;
}

/** SHA-256 of the text's UTF-8 in hex, by the browser's own implementation. */
export async function sha256Hex(text: string | Uint8Array): Promise<string> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface ExportRequest {
  readonly format: ExportFormat;
  /** In this order; the first one that has a rental is where it is taken from. */
  readonly sources: readonly ReadPart[];
  readonly nowMs: number;
  /** Told after each part. */
  readonly onPart?: (parts: number) => void;
}

/**
 * Reads every part of every source, compares each part's hash, and makes one file of them: every record
 * byte for byte as it was kept, each rental once. Throws if a hash differs; then there is no file.
 */
export async function exportFile(request: ExportRequest): Promise<ExportFile> {
  const { format, sources, nowMs } = request;
  const records = new Map<string, string>();
  let header: string | undefined;
  let parts = 0;
  for (const read of sources) {
    let from: bigint | undefined;
    do {
      const part = await read(from);
      await checkPart(part);
      parts += 1;
      request.onPart?.(parts);
      const split = format === 'csv' ? csvPart(part.content) : jsonPart(part.content);
      header ??= split.header;
      for (const [id, record] of split.records) if (!records.has(id)) records.set(id, record);
      from = part.next;
    } while (from !== undefined);
  }
  const text = joined(format, header ?? '', [...records.values()]);
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const name = `decent-cloud-rentals-${day}.${format}`;
  return { name, text, sha256: await sha256Hex(text), records: records.size, parts };
}

async function checkPart({ content, sha256 }: ExportPart): Promise<void> {
  const computed = await sha256Hex(content);
  if (computed === sha256) return;
  throw new Error(
    `A part of the export is not what the canister hashed: ${computed} instead of ${sha256}. ` +
      'No file was made.',
  );
}

function joined(format: ExportFormat, header: string, records: readonly string[]): string {
  if (format === 'csv') return header + records.join('');
  return records.length === 0 ? '[]\n' : `[\n${records.join(',\n')}\n]\n`;
}

interface SplitPart {
  readonly header: string | undefined;
  readonly records: readonly (readonly [string, string])[];
}

/** A part is an array with one record a line; the text of a record has no line ends. */
function jsonPart(content: string): SplitPart {
  const lines = content.split('\n').filter((line) => line.startsWith('{'));
  const records = lines.map((line): readonly [string, string] => {
    const record = line.endsWith(',') ? line.slice(0, -1) : line;
    return [idOfJson(record), record];
  });
  return { header: undefined, records };
}

function idOfJson(record: string): string {
  const { record: kept } = JSON.parse(record) as { readonly record?: { readonly id?: unknown } };
  if (typeof kept?.id !== 'number') throw new Error('A record of the export has no number.');
  return kept.id.toString();
}

const HEADER_START = 'rental,';

function csvPart(content: string): SplitPart {
  const lines = csvRecords(content);
  const hasHeader = lines[0]?.startsWith(HEADER_START) === true;
  const records = (hasHeader ? lines.slice(1) : lines).map((line): readonly [string, string] => [
    line.split(',')[0] ?? '',
    line,
  ]);
  return { header: hasHeader ? lines[0] : undefined, records };
}

/** Records of RFC 4180 with their line ends; a quoted cell may have line ends of its own. */
export function csvRecords(text: string): readonly string[] {
  const records: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (text[at] === '\n' && !isQuoted) {
      records.push(text.slice(start, at + 1));
      start = at + 1;
    }
  }
  return start < text.length ? [...records, text.slice(start)] : records;
}
