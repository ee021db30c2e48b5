import type { ExportFormat, ReadPart } from '../services/export.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';

const HOT_RECORDS = 20;
const ARCHIVED_RECORDS = 50;
const FORMATS = { csv: { Csv: null }, json: { Json: null } } as const;

/** The caller's rentals: those that are here first, then what the archive has. */
export function exportSources(
  { rental, archive }: Pick<Actors, 'rental' | 'archive'>,
  format: ExportFormat,
): readonly ReadPart[] {
  return [
    async (from) => {
      const part = okOf(
        await rental.export_my_rentals({
          role: { Renter: null },
          format: FORMATS[format],
          from: from === undefined ? [] : [from],
          limit: HOT_RECORDS,
        }),
      );
      return { content: part.content, sha256: part.sha256, next: part.next[0] };
    },
    async (from) => {
      const page = {
        from: from === undefined ? ([] as []) : ([from] as [bigint]),
        limit: ARCHIVED_RECORDS,
        newest_first: true,
      };
      const part = okOf(await archive.export_my_rentals(FORMATS[format], page));
      return { content: part.content, sha256: part.sha256, next: part.next[0] };
    },
  ];
}

/** One rental that is not archived yet, as its record and the record's hash. */
export async function exportRental(
  { rental }: Pick<Actors, 'rental'>,
  id: bigint,
): Promise<{ readonly content: string; readonly sha256: string }> {
  return okOf(await rental.export_rental(id));
}
