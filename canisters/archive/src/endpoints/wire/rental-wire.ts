import {
  blob,
  count,
  list,
  literals,
  nanoseconds,
  optional,
  principal,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { RecordFormat } from '@decent-cloud/domain/rental-record/record-export.ts';
import type { ArchivedSummary, ArchivedView, HandedRental } from '../../core/archived-rental.ts';
import type { ExportPart } from '../../flows/export-rentals.flow.ts';

/** What a writer hands over. */
export const handedRentals = list(
  record<HandedRental>({
    id: count,
    renter: count,
    provider: count,
    closedAt: nanoseconds,
    readers: list(principal),
    body: blob,
  }),
);

const summaryFields = {
  id: count,
  renter: count,
  provider: count,
  closedAt: nanoseconds,
  title: text,
  sha256: text,
};

/** A row of a list. */
export const archivedSummary = record<ArchivedSummary>(summaryFields);
/** A rental with its record. */
export const archivedView = record<ArchivedView>({ ...summaryFields, body: text });

/** How an export is written. */
export const recordFormat = literals<RecordFormat>(['csv', 'json']);
/** A part of an export. */
export const exportPart = record<ExportPart>({
  content: text,
  sha256: text,
  records: count,
  next: optional(count),
});
