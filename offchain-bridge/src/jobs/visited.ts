import type { JobContext } from './job-context.ts';
import type { MachineRef, MachineVisit } from '../ports/machine-work.port.ts';

/**
 * Does something at a machine with the door open, and shuts it again. What is broken off, or fails for
 * now, hangs up only: whoever goes on opens the door with the same key, and it shuts by itself later.
 */
export async function visited<T>(
  context: JobContext,
  machine: MachineRef,
  work: (visit: MachineVisit) => Promise<T>,
): Promise<T> {
  const { machines, signal } = context;
  context.held.check();
  const visit = await machines.enter(machine, context.work.jobId, signal);
  try {
    context.held.check();
    const result = await work(visit);
    await visit.leave(signal);
    return result;
  } finally {
    visit.hangUp();
  }
}
