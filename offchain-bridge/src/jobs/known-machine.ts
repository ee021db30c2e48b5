import { WorkError } from '../core/work-error.ts';
import type { JobContext } from './job-context.ts';
import type { MachineRef } from '../ports/machine-work.port.ts';
import { refOf, rentalOf } from './servers.ts';

/** The machine of a rental that runs, by what was told when it was made. */
export function knownMachine(context: JobContext): MachineRef {
  const { card } = rentalOf(context);
  if (card !== undefined && card.ipv4 !== '') return { ...refOf(context), ipv4: card.ipv4 };
  throw new WorkError('config', 'The address of the machine is not known.');
}

/** The cloud's id of the machine of a rental that runs. */
export function knownServer(context: JobContext): string {
  const { server } = rentalOf(context);
  if (server?.externalId !== undefined) return server.externalId;
  throw new WorkError('config', 'The machine is not known at the cloud.');
}
