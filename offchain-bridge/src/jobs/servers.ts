import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalWork } from '../core/job-work.ts';
import type { RentalRef } from '../core/server-name.ts';
import { WorkError } from '../core/work-error.ts';
import type { CloudServer } from '../ports/cloud.port.ts';
import { waitFor, type JobContext } from './job-context.ts';

const PEEK_AGE_MS = 2_000;

/** The rental that a job of this kind is about. */
export function rentalOf({ work }: JobContext): RentalWork {
  return present(work.rental, `a ${work.task.kind} job without a rental`);
}

export function refOf(context: JobContext): RentalRef {
  const { work } = context;
  return { installation: work.installation, rentalId: rentalOf(context).rentalId };
}

/** Somebody else's server is where ours should be: raises the alarm and gives the error. */
export function foreignServer(context: JobContext, found: CloudServer): WorkError {
  const { name, externalId } = found;
  context.metrics.count('foreign_servers');
  context.log.error({ server: externalId, name }, 'a server of our name is not ours');
  return new WorkError(
    'config',
    `There is a server of the name ${name} in the account that is not ours; nothing was touched. ` +
      'The seller has to rename or remove it.',
  );
}

/** Waits until the cloud does not know the server any more. */
export async function untilGone(context: JobContext, externalId: string): Promise<void> {
  const { cloud, clock, timing, signal } = context;
  const startedAtMs = clock.monotonicMs();
  for (let look = 0; ; look += 1) {
    await waitFor(context, timing.goneLooksMs[look] ?? timing.goneLooksMs.at(-1) ?? PEEK_AGE_MS);
    if ((await cloud.peek(externalId, PEEK_AGE_MS, signal)) === undefined) return;
    if (clock.monotonicMs() - startedAtMs >= timing.goneLimitMs) {
      throw new WorkError(
        'transient',
        'The cloud has not finished the deletion; it is asked again.',
      );
    }
  }
}

/** Orders the deletion of a server that is ours, and counts it. */
export async function deleteServer(context: JobContext, externalId: string): Promise<void> {
  context.log.info({ server: externalId }, 'deletes a server');
  await context.cloud.delete(externalId, context.leaseSignal);
  context.metrics.count('servers_deleted');
}
