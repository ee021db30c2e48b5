import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { RentalRecord } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { decodeText } from '@decent-cloud/kit/text-host.ts';
import { makeRecord, type RecordParts } from '../../core/archive/make-record.ts';
import type { JobId } from '../../core/ids.ts';
import type { TimelineRow } from '../../core/jobs/timeline.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { healthByDay } from '../health/health-archive.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** How a rental began is as telling as how it ended. */
const FIRST_STEPS = 50;
const NEWEST_STEPS = 150;
const LOG_TAIL_BYTES = 8_192;
/** More than are kept of one rental. */
const MAX_JOBS = 50;

type Stored = Pick<RentalCanister, 'storage'>;

/** The record of a rental that is still here, closed or not. */
export function hotRecord(c: Stored, rental: Rental): RentalRecord {
  const terms = c.storage.rentals.terms.get(rental.id);
  return makeRecord({
    rental,
    terms: present(terms, `the terms of rental ${rental.id} are missing`),
    ...timelineOf(c, rental.id),
    ...logOf(c, rental.id),
    days: healthByDay(c, rental.id).map(({ number, counts }) => ({ day: number, ...counts })),
  });
}

function timelineOf(
  { storage }: Stored,
  rentalId: RentalId,
): Pick<RecordParts, 'timeline' | 'timelineLeftOut'> {
  const { timelines } = storage.jobs;
  const rows = (order: 'oldest-first' | 'newest-first', limit: number): TimelineRow[] => {
    const page = timelines.page(rentalId, { order, limit });
    return page.rows.map(({ value }) => value);
  };
  const leftOut = timelines.length(rentalId) - FIRST_STEPS - NEWEST_STEPS;
  if (leftOut <= 0) {
    const timeline = rows('oldest-first', FIRST_STEPS + NEWEST_STEPS);
    return { timeline, timelineLeftOut: 0 };
  }
  const newest = rows('newest-first', NEWEST_STEPS).reverse();
  return { timeline: [...rows('oldest-first', FIRST_STEPS), ...newest], timelineLeftOut: leftOut };
}

/** The end of what the first deployment printed. */
function logOf({ storage }: Stored, rentalId: RentalId): Pick<RecordParts, 'logTail' | 'logBytes'> {
  const { links, jobs, logs } = storage.jobs;
  const list = { kind: 'of-rental', of: rentalId } as const;
  const ids: readonly JobId[] = links.page(list, { from: undefined, limit: MAX_JOBS })?.ids ?? [];
  const id = ids.find((one) => jobs.get(one)?.task.kind === 'provision');
  if (id === undefined) return { logTail: '', logBytes: 0 };
  const logBytes = logs.length(id);
  const offset = Math.max(0, logBytes - LOG_TAIL_BYTES);
  const { bytes } = logs.read(id, { offset, limit: LOG_TAIL_BYTES });
  return { logTail: decodeText(bytes), logBytes };
}
