import type { NumberedRow } from '../services/timeline.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Rental } from './wire.ts';

const PAGE_ROWS = 100;

/** All rows from a number on, with what is usual. */
export async function readTimeline(
  { rental }: Pick<Actors, 'rental'>,
  asked: { readonly rentalId: bigint; readonly from: bigint },
): Promise<{ readonly rows: readonly NumberedRow[]; readonly usual: Rental.Timeline['usual'] }> {
  const rows: NumberedRow[] = [];
  let from: bigint | undefined = asked.from;
  let usual: Rental.Timeline['usual'] = [];
  while (from !== undefined) {
    const timeline: Rental.Timeline = okOf(
      await rental.get_timeline(asked.rentalId, {
        from: [from],
        limit: PAGE_ROWS,
        newest_first: false,
      }),
    );
    rows.push(...timeline.page.rows);
    usual = timeline.usual;
    [from] = timeline.page.next;
  }
  return { rows, usual };
}
