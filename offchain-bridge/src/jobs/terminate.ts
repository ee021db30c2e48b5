import type { JobResult } from '../core/job-report.ts';
import { serverNameOf } from '../core/server-name.ts';
import { planDelete } from '../core/server-plan.ts';
import { WorkError } from '../core/work-error.ts';
import type { CloudServer } from '../ports/cloud.port.ts';
import type { JobContext } from './job-context.ts';
import { deleteServer, foreignServer, refOf, rentalOf, untilGone } from './servers.ts';

const MAX_ROUNDS = 3;

/** Deletes what the rental has at the cloud and waits until the cloud says that nothing is left. */
export async function terminate(context: JobContext): Promise<JobResult> {
  const gone = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const left = await ownServers(context, gone);
    if (left.length === 0) return { kind: 'gone' };
    for (const server of left) {
      await remove(context, server);
      gone.add(server.externalId);
    }
  }
  throw new WorkError('transient', 'Another server of this rental appeared again and again.');
}

/** Looks by the name and by the id that is known; one request if they are the same. */
async function ownServers(
  context: JobContext,
  gone: ReadonlySet<string>,
): Promise<readonly CloudServer[]> {
  const { cloud, signal } = context;
  const ref = refOf(context);
  const { server } = rentalOf(context);
  const names = new Set([serverNameOf(ref), ...(server === undefined ? [] : [server.name])]);
  const found: CloudServer[] = [];
  for (const name of names) {
    const named = await cloud.findByName(name, signal);
    // Names are unique: with somebody else's server of that name there is none of ours.
    if (named !== undefined && planDelete(ref, named) !== 'foreign') found.push(named);
  }
  const known = server?.externalId;
  if (known === undefined || gone.has(known)) return found;
  if (found.some(({ externalId }) => externalId === known)) return found;
  const booked = await cloud.get(known, signal);
  if (booked === undefined) return found;
  if (planDelete(ref, booked) === 'foreign') throw foreignServer(context, booked);
  return [...found, booked];
}

async function remove(context: JobContext, server: CloudServer): Promise<void> {
  const { work } = context;
  const plan = planDelete(refOf(context), server);
  // A deletion that did not end is ordered anew by whoever tries next.
  if (plan === 'delete' || work.attempts > 1) await deleteServer(context, server.externalId);
  await untilGone(context, server.externalId);
}
