import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { JobTask } from '../../core/jobs/job.ts';
import { TIME_FOR } from '../../core/jobs/job-kinds.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
import { isOverdue } from '../../core/rentals/next-due.ts';
import type { PowerAction, Rental, RentalState } from '../../core/rentals/rental.ts';
import { startJob } from '../jobs/job-queue.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { applyRentalEvent } from './apply-event.ts';

/** The job's own deadline comes first, with better words. */
const MARGIN_NS = durationNs({ minutes: 2 });

export type Wish =
  | { readonly kind: 'power'; readonly action: PowerAction }
  | { readonly kind: 'rotate-ssh-keys' }
  | { readonly kind: 'upgrade-recipe'; readonly from: VersionRef; readonly to: VersionRef };

/** A running machine that nothing is being done to. */
export function operable(
  c: RentalCanister,
  rental: Rental,
): Result<Extract<RentalState, { readonly kind: 'active' }>, RentalError> {
  const { id, state } = rental;
  if (state.kind !== 'active' || isOverdue(rental, c.runtime.time())) {
    const message =
      `Rental ${id} is ${state.kind}: only a running machine can be worked on. Nothing was done. ` +
      'Look at get_rental for where it is.';
    return refuse({ kind: 'wrong-state', state: state.kind }, message);
  }
  if (state.operation === undefined) return ok(state);
  const message =
    `Rental ${id} is being worked on (${state.operation.kind}), and one thing is done at a time. ` +
    'Nothing was done. Wait until it is over: the timeline shows it.';
  return refuse({ kind: 'wrong-state', state: state.operation.kind }, message);
}

/** Makes the job and marks the rental. Check `operable` first. */
export function startOperation(
  c: RentalCanister,
  rental: Rental,
  wish: Wish,
): Result<Rental, RentalError> {
  const { id: rentalId, provider, cloudAccountId } = rental;
  const since = c.runtime.time();
  const deadlineAt = after(since, TIME_FOR[wish.kind]);
  const task: JobTask = { ...wish, rentalId };
  const jobId = startJob(c, { task, provider, cloudAccountId, deadlineAt });
  const operation = { ...wish, jobId, since, deadlineAt: after(deadlineAt, MARGIN_NS) };
  return applyRentalEvent(c, rentalId, { kind: 'operation-started', operation });
}
