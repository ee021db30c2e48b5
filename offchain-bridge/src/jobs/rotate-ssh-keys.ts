import type { JobResult } from '../core/job-report.ts';
import type { JobContext } from './job-context.ts';
import { knownMachine } from './known-machine.ts';
import { rentalOf } from './servers.ts';
import { visited } from './visited.ts';

/** Lets in who has the new keys and nobody else of the renter's. */
export async function rotateSshKeys(context: JobContext): Promise<JobResult> {
  const { sshKeys } = rentalOf(context);
  await visited(context, knownMachine(context), (visit) =>
    visit.replaceKeys(sshKeys, context.signal),
  );
  return { kind: 'done' };
}
