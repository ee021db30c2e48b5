import { invariant, present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { readRecord } from '@decent-cloud/domain/rental-record/read-record.ts';
import {
  recordsText,
  type KeptRecord,
  type RecordFormat,
} from '@decent-cloud/domain/rental-record/record-export.ts';
import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import { pageSequences, type PageRequest } from '@decent-cloud/kit/store/page.ts';
import { decodeText, encodeText } from '@decent-cloud/kit/text-host.ts';
import type { ArchivedRental } from '../core/archived-rental.ts';
import type { ArchiveCanister } from './archive-canister.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

/** A query has 5 billion instructions, and each byte of a part is hashed for 18 000. */
const MAX_PART_BYTES = 131_072;

/** A part of an export; ask again with `next` for the one after it. */
export interface ExportPart {
  readonly content: string;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly records: number;
  readonly next: number | undefined;
}

/** What the caller may read, as a file in parts. A part ends early rather than being too long. */
export function exportRentals(
  { runtime, storage }: ArchiveCanister,
  { format, page }: { readonly format: RecordFormat; readonly page: PageRequest },
): Result<ExportPart, ArchiveRefusal> {
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const reader = caller.value;
  const { sequences, next } = pageSequences(storage.byReader.length(reader), page);
  const records: KeptRecord[] = [];
  let bytes = 0;
  let stoppedAt = next;
  for (const seq of sequences) {
    const { id } = present(storage.byReader.get(reader, seq), `row ${seq} of a list is missing`);
    const rental = present(storage.records.get(id), 'a listed rental is missing');
    bytes += rental.body.length;
    if (records.length > 0 && bytes > MAX_PART_BYTES) {
      stoppedAt = seq;
      break;
    }
    records.push(keptRecord(rental));
  }
  const content = recordsText({ format, records, isFirst: page.from === undefined });
  const sha256 = sha256Hex(encodeText(content));
  return ok({ content, sha256, records: records.length, next: stoppedAt });
}

function keptRecord({ body, sha256 }: ArchivedRental): KeptRecord {
  const text = decodeText(body);
  const record = readRecord(text);
  invariant(record.kind === 'ok', 'a kept record cannot be read');
  return { record: record.value, text, sha256 };
}
