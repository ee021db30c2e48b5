import { present } from '@decent-cloud/domain/assert.ts';
import { labelsFor } from '../core/server-labels.ts';
import { serverNameOf } from '../core/server-name.ts';
import { planServer } from '../core/server-plan.ts';
import { WorkError } from '../core/work-error.ts';
import type { CloudServer, ServerSpec } from '../ports/cloud.port.ts';
import { leftMs, waitFor, type JobContext } from './job-context.ts';
import { deleteServer, foreignServer, refOf, rentalOf, untilGone } from './servers.ts';

/** A server of a rental with its address. */
export interface StandingServer {
  readonly externalId: string;
  readonly ipv4: string;
  readonly ipv6: string | undefined;
  readonly status: CloudServer['status'];
}

const NO_ADDRESS =
  'The cloud made the server without an IPv4 address: the account has probably used up its ' +
  'addresses. The server was deleted again.';
const ADDRESS_LOOK_MS = 3_000;
/** A look finds what a create met; more often than that something is wrong. */
const MAX_LOOKS = 6;
const MAX_EXISTS = 2;

/**
 * The one server of the rental: the one that is there if it is what is wanted, otherwise a new one. When
 * it resolves the canister knows its id.
 */
export async function standingServer(context: JobContext): Promise<StandingServer> {
  const { cloud, signal } = context;
  const wanted = { ...refOf(context), choiceIndex: rentalOf(context).choiceIndex };
  const name = serverNameOf(wanted);
  let exists = 0;
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const found = await cloud.findByName(name, signal);
    const plan = planServer(wanted, found);
    if (plan.kind === 'create') {
      const made = await createServer(context, exists < MAX_EXISTS);
      if (made !== undefined) return withAddress(context, made);
      exists += 1;
      continue;
    }
    const server = present(found, 'a plan about no server');
    switch (plan.kind) {
      case 'foreign':
        throw foreignServer(context, server);
      case 'adopt':
      case 'await-address':
        await bookServer(context, server);
        return withAddress(context, server);
      case 'await-deletion':
        await untilGone(context, server.externalId);
        break;
      case 'replace':
        context.log.warn({ server: server.externalId, why: plan.why }, 'replaces a server');
        await removeServer(context, server.externalId);
        break;
    }
  }
  throw new WorkError('transient', 'The server of this rental changed again and again.');
}

/** Undefined: something of that name is there, look again. */
async function createServer(
  context: JobContext,
  mayLookAgain: boolean,
): Promise<CloudServer | undefined> {
  const { cloud, reporter, held, timing, metrics, log } = context;
  // Said as a problem it would hide what was in the way before.
  if (leftMs(context) < timing.createNeedsMs)
    held.lose('too little time is left to order a machine');
  held.check();
  const spec = specOf(context);
  const { choiceIndex } = rentalOf(context);
  await reporter.tellNow({ kind: 'intent', choiceIndex, name: spec.name });
  const accepted = async (externalId: string): Promise<void> => {
    metrics.count('servers_created');
    log.info({ server: externalId, name: spec.name }, 'ordered a server');
    await reporter.tellNow({ kind: 'server', externalId });
  };
  try {
    return await cloud.create(spec, accepted, context.leaseSignal);
  } catch (error) {
    if (mayLookAgain && error instanceof WorkError && error.class === 'exists') return undefined;
    throw error;
  }
}

function specOf(context: JobContext): ServerSpec {
  const { choices, choiceIndex, sshKeys } = rentalOf(context);
  const ref = refOf(context);
  const machine = choices[choiceIndex];
  if (machine === undefined) {
    throw new WorkError('config', `The offer has no machine number ${choiceIndex}.`);
  }
  const body = {
    name: serverNameOf(ref),
    machine,
    userData: context.machines.userData(ref, sshKeys),
  };
  return { ...body, labels: labelsFor(ref, { choiceIndex, body }) };
}

/** What another worker made, or what this one does not know the end of: the canister has to know it. */
async function bookServer(context: JobContext, { externalId }: CloudServer): Promise<void> {
  const { server, choiceIndex } = rentalOf(context);
  const name = serverNameOf(refOf(context));
  context.log.info({ server: externalId }, 'goes on with the server that is there');
  if (server?.externalId === externalId && server.name === name) return;
  context.reporter.tell({ kind: 'intent', choiceIndex, name });
  await context.reporter.tellNow({ kind: 'server', externalId });
}

/** Clouds give addresses with their answer or a moment later; without one the server is of no use. */
async function withAddress(context: JobContext, server: CloudServer): Promise<StandingServer> {
  const { cloud, clock, timing, signal } = context;
  const { externalId } = server;
  const startedAtMs = clock.monotonicMs();
  let now: CloudServer | undefined = server;
  while (now === undefined || now.ipv4 === undefined) {
    const isLate = clock.monotonicMs() - startedAtMs >= timing.addressLimitMs;
    if (isLate && now === undefined) {
      throw new WorkError('unknown', 'The cloud does not know the new machine any more.');
    }
    if (isLate || (now !== undefined && now.status !== 'starting')) {
      await removeServer(context, externalId);
      throw new WorkError('quota', NO_ADDRESS);
    }
    await waitFor(context, ADDRESS_LOOK_MS);
    now = await cloud.peek(externalId, ADDRESS_LOOK_MS, signal);
  }
  return { externalId, ipv4: now.ipv4, ipv6: now.ipv6, status: now.status };
}

async function removeServer(context: JobContext, externalId: string): Promise<void> {
  await deleteServer(context, externalId);
  await untilGone(context, externalId);
}
