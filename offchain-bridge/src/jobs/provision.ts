import type { ConnectionCard, RecipeWork } from '../core/job-work.ts';
import type { JobResult } from '../core/job-report.ts';
import { serverNameOf } from '../core/server-name.ts';
import { serviceUrlOf } from '../core/service-url.ts';
import { WorkError } from '../core/work-error.ts';
import { passGate } from './health-gate.ts';
import { limited, type JobContext } from './job-context.ts';
import { newsFor } from './script-news.ts';
import type { MachineRef } from '../ports/machine-work.port.ts';
import { untilReached } from './reach-machine.ts';
import { refOf, rentalOf } from './servers.ts';
import { standingServer, type StandingServer } from './standing-server.ts';
import { visited } from './visited.ts';

const MAX_URL = 300;

/** From a paid rental to a running, healthy service. Goes on wherever another worker stopped. */
export async function provision(context: JobContext): Promise<JobResult> {
  const { reporter } = context;
  const server = await standingServer(context);
  const machine: MachineRef = { ...refOf(context), ipv4: server.ipv4 };
  await untilReached(context, machine, server);
  reporter.tell({ kind: 'connection', card: cardOf(context, server) });
  const { recipe } = rentalOf(context);
  if (recipe !== undefined) await setUp(context, machine, recipe);
  reporter.tell({ kind: 'step', step: 'health-passed', index: 0, of: 0, note: '' });
  return { kind: 'ready' };
}

async function setUp(context: JobContext, machine: MachineRef, recipe: RecipeWork): Promise<void> {
  await tellCredentials(context, recipe);
  const { inputs, sealedSecrets, logBytes } = rentalOf(context);
  const { timing, signal, work } = context;
  await visited(context, machine, async (visit) => {
    const ended = await visit.run(
      {
        machine,
        jobId: work.jobId,
        part: 'main',
        script: recipe.script,
        secretsOf: recipe,
        health: recipe.health,
        inputs,
        sealedSecrets,
        logFrom: logBytes,
        timeLimitMs: limited(context, timing.scriptLimitMs),
      },
      newsFor(context, 0),
      signal,
    );
    if (ended.kind === 'failed') throw new WorkError('config', ended.reason);
    const limitMs = limited(context, timing.gateLimitMs);
    const gate = await passGate(context, { machine, check: recipe.health, limitMs });
    if (gate.kind === 'late') throw new WorkError('config', gate.reason);
  });
}

async function tellCredentials(context: JobContext, recipe: RecipeWork): Promise<void> {
  const { renterRecipient } = rentalOf(context);
  if (renterRecipient === undefined) return;
  const sealed = await context.machines.sealedCredentials(refOf(context), recipe, renterRecipient);
  if (sealed !== undefined) context.reporter.tell({ kind: 'credentials', sealed });
}

function cardOf(context: JobContext, { ipv4, ipv6 }: StandingServer): ConnectionCard {
  const { machines } = context;
  const ref = refOf(context);
  const { recipe, inputs } = rentalOf(context);
  const facts = { ip: ipv4, hostname: serverNameOf(ref), values: inputs.values };
  const url = recipe === undefined ? '' : serviceUrlOf(recipe.serviceUrl, facts);
  const { line, fingerprint } = machines.hostKey(ref);
  return {
    ipv4,
    ipv6: ipv6 ?? '',
    sshUser: machines.sshUser,
    sshPort: machines.sshPort,
    hostKeyFingerprint: fingerprint,
    hostKey: line,
    serviceUrl: /^https?:\/\/[^\s]+$/.test(url) && url.length <= MAX_URL ? url : '',
  };
}
