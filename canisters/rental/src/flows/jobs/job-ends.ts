import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { RentalEvent } from '../../core/rentals/rental-event.ts';
import type { Job } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import { failureNews } from '../../core/jobs/rental-news.ts';
import { applyRentalEvent } from '../rentals/apply-event.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** Tells the rental of a job that failed. One that has moved on meanwhile does not mind. */
export function tellOfFailure(c: RentalCanister, job: Job): void {
  const rentalId = rentalOf(job.task);
  const news = failureNews(job);
  if (rentalId === undefined || news === undefined) return;
  const told = applyRentalEvent(c, rentalId, news);
  const hasMovedOn = told.kind === 'err' && told.error.leaf?.kind === 'wrong-state';
  if (told.kind === 'err' && !hasMovedOn) throw new InvariantError(`BUG: ${told.error.message}`);
}

/** Tells the rental what it was asked before whether it can be. */
export function tellRental(c: RentalCanister, rentalId: RentalId, event: RentalEvent): void {
  const told = applyRentalEvent(c, rentalId, event);
  if (told.kind === 'err') throw new InvariantError(`BUG: ${told.error.message}`);
}
