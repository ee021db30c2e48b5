import { join } from 'node:path';
import process from 'node:process';
import type { FaultInput } from '@decent-cloud/localnet/clouds/hetzner/faults/fault.ts';
import {
  startHetznerCloud,
  type HetznerCloud,
} from '@decent-cloud/localnet/clouds/hetzner/start-hetzner-cloud.ts';
import { createMachineHost } from '@decent-cloud/localnet/clouds/machines/create-machine-host.ts';
import type { ServerLife } from '../judge/evidence.ts';
import { subSeed } from '../sub-seed.ts';
import { RECIPE_HASHES } from './chaos-recipes.ts';

export const SSH_PORT = 2_222;
/** A second of reality takes so long. */
const TIME_FACTOR = 0.05;
const BOOT_MS = 300;
const REQUESTS_PER_HOUR = 36_000;
const FOREIGN = 'not-ours';
/** Simulations at the same time are not in each other's way. */
const ADDRESSES = { first: 32, count: 200 };

/** A seller's project at the simulated cloud. */
export interface CloudProject {
  readonly name: string;
  readonly token: string;
}

export const PROJECTS: readonly CloudProject[] = [
  { name: 'project-one', token: 'a'.repeat(64) },
  { name: 'project-two', token: 'b'.repeat(64) },
];

export interface ChaosClouds {
  readonly endpoint: string;
  /** What goes wrong from now on. */
  storm(): void;
  calm(): void;
  history(): readonly ServerLife[];
  requestCount(): number;
  close(): Promise<void>;
}

/** What clouds do to their customers, as shares of the requests that can meet it. */
const STORM: readonly FaultInput[] = [
  { effect: { kind: 'lost-request' }, share: 0.02 },
  { effect: { kind: 'lost-response' }, share: 0.02 },
  { effect: { kind: 'lost-response' }, scope: { method: 'POST', path: '/servers' }, share: 0.08 },
  { effect: { kind: 'slow-response', delayMs: 2_000 }, share: 0.02 },
  { effect: { kind: 'rate-limited', resetInMs: 2_000 }, share: 0.02 },
  { effect: { kind: 'error', status: 503, code: 'unavailable' }, share: 0.02 },
  { effect: { kind: 'error', status: 500, code: 'server_error' }, share: 0.01 },
  { effect: { kind: 'html', status: 502 }, share: 0.02 },
  { effect: { kind: 'no-capacity' }, share: 0.08 },
  { effect: { kind: 'no-ipv4' }, share: 0.05 },
  { effect: { kind: 'late-ipv4', afterMs: 1_500 }, share: 0.05 },
  { effect: { kind: 'stuck-action', command: 'create_server' }, share: 0.03 },
  { effect: { kind: 'failed-action', command: 'delete_server' }, share: 0.03 },
  { effect: { kind: 'locked' }, share: 0.04 },
  { effect: { kind: 'vanish', afterMs: 1_000 }, share: 0.02 },
];

/** Starts the cloud with its machines and, in each project, a server of somebody else. */
export async function startChaosClouds(stateDir: string, seed: number): Promise<ChaosClouds> {
  const machines = await createMachineHost({
    stateDir: join(stateDir, 'machines'),
    sshPort: SSH_PORT,
    bootDelayMs: BOOT_MS,
    sandbox: 'auto',
    demoScripts: RECIPE_HASHES,
    log: () => undefined,
  });
  const cloud = await startHetznerCloud({
    projects: PROJECTS.map(({ name, token }) => ({ name, tokens: [token] })),
    machines,
    timeFactor: TIME_FACTOR,
    seed: subSeed(seed, 'cloud'),
    rateLimitPerHour: REQUESTS_PER_HOUR,
    addressPrefix: `127.${ADDRESSES.first + (process.pid % ADDRESSES.count)}`,
    onProblem: () => undefined,
  });
  for (const { name } of PROJECTS) {
    cloud.control.addForeignServer({ project: name, name: FOREIGN });
  }
  return {
    endpoint: cloud.endpoint,
    storm: () => void cloud.faults.replace(STORM),
    calm: () => cloud.faults.clear(),
    history: () => lives(cloud),
    requestCount: () => cloud.requests().reduce((sum, { count }) => sum + count, 0),
    close: async () => {
      await cloud.close();
      await machines.close();
    },
  };
}

function lives(cloud: HetznerCloud): readonly ServerLife[] {
  return cloud.history().map(({ id, project, name, labels, createdAtMs, goneAtMs }) => ({
    cloud: project,
    externalId: id.toString(),
    name,
    labels,
    createdAtMs,
    goneAtMs: goneAtMs ?? undefined,
  }));
}
