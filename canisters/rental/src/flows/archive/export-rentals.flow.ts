import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import {
  recordsText,
  type KeptRecord,
  type RecordFormat,
} from '@decent-cloud/domain/rental-record/record-export.ts';
import { recordText } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import { encodeText } from '@decent-cloud/kit/text-host.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { callerAccount } from '../accounts/callers.ts';
import { rentalForCaller } from '../rentals/rental-party.ts';
import { checkLimit, pageOfIds } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { hotRecord } from './hot-record.ts';

const MAX_RECORDS = 20;
/** A query has 5 billion instructions, and each byte is hashed twice for 18 000. */
const MAX_PART_BYTES = 65_536;
const MAX_INSTRUCTIONS = 1_500_000_000n;

/** What to export; `from` is what the part before gave as `next`. */
export interface ExportRequest {
  readonly role: 'renter' | 'provider';
  readonly format: RecordFormat;
  readonly from: RentalId | undefined;
  readonly limit: number;
}

/** A part of an export; ask again with `next` for the one after it. */
export interface ExportPart {
  readonly content: string;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly records: number;
  readonly next: RentalId | undefined;
}

/**
 * The caller's rentals that are still here, newest first, in the form that the archive gives too. A
 * part ends early rather than being too long.
 */
export function exportMyRentals(
  c: RentalCanister,
  { role, format, from, limit }: ExportRequest,
): Result<ExportPart, RentalError> {
  const checked = checkLimit(limit, MAX_RECORDS);
  if (checked.kind === 'err') return checked;
  const account = callerAccount(c);
  if (account.kind === 'err') return account;
  const list = { kind: `of-${role}`, of: account.value.id } as const;
  const page = pageOfIds(c.storage.rentals.links, list, { from, limit });
  if (page.kind === 'err') return page;
  const { ids, next: rest } = page.value;
  const { records, stoppedAt } = readRecords(c, ids);
  const content = recordsText({ format, records, isFirst: from === undefined });
  const next = stoppedAt ?? rest;
  return ok({ content, sha256: sha256Hex(encodeText(content)), records: records.length, next });
}

/** One rental as JSON with its hash, for its renter, its seller and the operator. */
export function exportRental(
  c: RentalCanister,
  rentalId: RentalId,
): Result<Pick<ExportPart, 'content' | 'sha256'>, RentalError> {
  return mapOk(rentalForCaller(c, rentalId), ({ rental }) => {
    const { text, sha256 } = keptRecord(c, rental);
    return { content: text, sha256 };
  });
}

function readRecords(
  c: RentalCanister,
  ids: readonly RentalId[],
): { readonly records: readonly KeptRecord[]; readonly stoppedAt: RentalId | undefined } {
  const records: KeptRecord[] = [];
  let length = 0;
  for (const id of ids) {
    const isEnough = length > MAX_PART_BYTES || c.runtime.instructions() > MAX_INSTRUCTIONS;
    if (records.length > 0 && isEnough) return { records, stoppedAt: id };
    const rental = c.storage.rentals.rentals.get(id);
    const kept = keptRecord(c, present(rental, `rental ${id} is listed and missing`));
    length += kept.text.length;
    records.push(kept);
  }
  return { records, stoppedAt: undefined };
}

function keptRecord(c: RentalCanister, rental: Rental): KeptRecord {
  const record = hotRecord(c, rental);
  const text = recordText(record);
  return { record, text, sha256: sha256Hex(encodeText(text)) };
}
