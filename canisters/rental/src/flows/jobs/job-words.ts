import { elapsed } from '@decent-cloud/domain/time.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import type { Circumstances } from '../../core/jobs/failure-words.ts';
import type { ErrorClass, Job } from '../../core/jobs/job.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { accountOf } from './job-moves.ts';

/** The machines that a provision job may make, in order; none for other jobs. */
export function choicesOf(c: RentalCanister, { task }: Job): readonly MachineSpec[] {
  if (task.kind !== 'provision') return [];
  return c.storage.rentals.terms.get(task.rentalId)?.choices ?? [];
}

/** What words to people are made of. */
export function circumstancesOf(
  c: RentalCanister,
  { job, class: errorClass }: { readonly job: Job; readonly class: ErrorClass },
): Circumstances {
  const choices = choicesOf(c, job);
  return {
    job: job.task.kind,
    class: errorClass,
    backend: accountOf(c, job)?.backend,
    choice: choices[job.choiceIndex],
    choiceCount: choices.length,
    ageNs: elapsed(job.createdAt, c.runtime.time()),
    attempts: job.attempts,
  };
}
