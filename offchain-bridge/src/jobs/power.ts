import { present } from '@decent-cloud/domain/assert.ts';
import type { JobResult } from '../core/job-report.ts';
import type { PowerAction } from '../core/job-work.ts';
import { isOfRental } from '../core/server-labels.ts';
import { WorkError } from '../core/work-error.ts';
import type { CloudServer } from '../ports/cloud.port.ts';
import { waitFor, type JobContext } from './job-context.ts';
import { knownServer } from './known-machine.ts';
import { foreignServer, refOf } from './servers.ts';

/** Switches a machine as its renter ordered, and waits until the cloud says that it is so. */
export async function power(context: JobContext): Promise<JobResult> {
  const { task } = context.work;
  const action = present(task.kind === 'power' ? task.action : undefined, 'a power job');
  const server = await ownServer(context);
  switch (action) {
    case 'on':
      await turnTo(context, server, 'on');
      break;
    case 'off':
      await turnOff(context, server);
      break;
    case 'reboot':
      await reboot(context, server);
      break;
  }
  return { kind: 'done' };
}

async function ownServer(context: JobContext): Promise<CloudServer> {
  const server = await context.cloud.get(knownServer(context), context.signal);
  if (server === undefined) {
    throw new WorkError('config', 'The cloud does not know the machine any more.');
  }
  if (!isOfRental(server.labels, refOf(context))) throw foreignServer(context, server);
  return server;
}

async function turnTo(
  context: JobContext,
  { externalId, status }: CloudServer,
  action: Exclude<PowerAction, 'reboot'>,
): Promise<void> {
  const wanted = action === 'on' ? 'running' : 'off';
  if (status === wanted) return;
  await context.cloud.power(externalId, action, context.leaseSignal);
  const { powerLimitMs } = context.timing;
  if (await became(context, { externalId, wanted, limitMs: powerLimitMs })) return;
  throw new WorkError('transient', `The machine is not ${wanted} yet; it is looked at again.`);
}

/** The machine is asked first, so that it can put its data in order. */
async function turnOff(context: JobContext, server: CloudServer): Promise<void> {
  const { externalId, status } = server;
  if (status === 'off') return;
  await context.cloud.power(externalId, 'shutdown', context.leaseSignal);
  const { shutdownMs } = context.timing;
  if (await became(context, { externalId, wanted: 'off', limitMs: shutdownMs })) return;
  await turnTo(context, server, 'off');
}

/** One that is off is only started. */
async function reboot(context: JobContext, server: CloudServer): Promise<void> {
  if (server.status === 'off') {
    await turnTo(context, server, 'on');
    return;
  }
  const { externalId } = server;
  await context.cloud.power(externalId, 'reboot', context.leaseSignal);
  const { powerLimitMs } = context.timing;
  if (await became(context, { externalId, wanted: 'running', limitMs: powerLimitMs })) return;
  throw new WorkError('transient', 'The machine does not run yet; it is looked at again.');
}

async function became(
  context: JobContext,
  look: {
    readonly externalId: string;
    readonly wanted: CloudServer['status'];
    readonly limitMs: number;
  },
): Promise<boolean> {
  const { cloud, clock, timing, signal } = context;
  const startedAtMs = clock.monotonicMs();
  for (;;) {
    await waitFor(context, timing.powerLookMs);
    const server = await cloud.peek(look.externalId, timing.powerLookMs, signal);
    if (server?.status === look.wanted) return true;
    if (clock.monotonicMs() - startedAtMs >= look.limitMs) return false;
  }
}
