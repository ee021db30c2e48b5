import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { RecordFormat } from '@decent-cloud/domain/rental-record/record-export.ts';
import {
  count,
  list,
  literals,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { ArchiveStatus, StuckRental } from '../../flows/archive/archive-status.ts';
import type { ExportPart, ExportRequest } from '../../flows/archive/export-rentals.flow.ts';

/** Which rentals to export, and how. */
export const exportRequest = record<ExportRequest>({
  role: literals(['renter', 'provider']),
  format: literals<RecordFormat>(['csv', 'json']),
  from: optional(count),
  limit: nat32,
});

/** A part of an export. */
export const exportPart = record<ExportPart>({
  content: text,
  sha256: text,
  records: count,
  next: optional(count),
});

/** One record. */
export const exportedRental = record<Pick<ExportPart, 'content' | 'sha256'>>({
  content: text,
  sha256: text,
});

/** How archiving goes. */
export const archiveStatusWire = record<ArchiveStatus>({
  waiting: count,
  nextSince: optional(nanoseconds),
  problems: count,
  rows: list(record<StuckRental>({ rentalId: count, at: nanoseconds, reason: text, tries: count })),
  next: optional(count),
});

/** Where a page starts and how many rows it has. */
export const rentalsFrom = record<{
  readonly from: RentalId | undefined;
  readonly limit: number;
}>({ from: optional(count), limit: nat32 });
