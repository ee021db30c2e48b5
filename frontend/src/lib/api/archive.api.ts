import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Archive } from './wire.ts';

/** What the caller may read in the archive, the newest first. */
export async function listArchived(
  { archive }: Pick<Actors, 'archive'>,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<{ readonly rows: readonly Archive.RentalSummary[]; readonly next: bigint | undefined }> {
  const { from, limit } = page;
  const read = okOf(
    await archive.list_my_rentals({
      from: from === undefined ? [] : [from],
      limit,
      newest_first: true,
    }),
  );
  return { rows: read.rows.map(({ value }) => value), next: read.next[0] };
}
