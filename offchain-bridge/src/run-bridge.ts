import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import process from 'node:process';
import { serve, type ServerType } from '@hono/node-server';
import { bridgeParts } from './bridge-parts.ts';
import { StatusBoard } from './bridge-status.ts';
import type { BridgeConfig } from './config.ts';
import { createApp } from './http/app.ts';
import type { DoorDeps } from './machine/door.ts';
import { SshMachineWork } from './machine/machine-work.ts';
import { createPinoLog } from './observe/pino-log.ts';
import { createPromMetrics } from './observe/prom-metrics.ts';
import { systemClock } from './observe/system-clock.ts';
import { probeMachine, type MachineProbeDeps } from './probes/probe-machine.ts';
import type { AgentKeys } from './secrets/agent-folder.ts';
import { identityOf } from './secrets/agent-identity.ts';
import { RentalSecrets } from './secrets/rental-secrets.ts';
import { SshConnector } from './ssh/ssh-connector.ts';
import { bridgeVersion } from './version.ts';
import { AccountBoard } from './workers/account-board.ts';
import { heartbeatWorker } from './workers/beat-heart.worker.ts';
import { backlogCount } from './workers/count-backlog.worker.ts';
import { createJobEngine } from './workers/job-engine.ts';
import { repeat, type Periodic } from './workers/periodic.ts';
import { healthProber } from './workers/probe-health.worker.ts';
import { catalogueWorker } from './workers/publish-catalogue.worker.ts';
import { straySweep } from './workers/sweep-strays.worker.ts';

const MAX_HOST = 40;
const PROBE_TRY_MS = 3_000;

export interface RunOptions {
  readonly config: BridgeConfig;
  readonly keys: AgentKeys;
  /** Ends it: jobs in hand are given back. */
  readonly signal: AbortSignal;
  /** Told where the pages are, once they can be asked. */
  readonly listening: (url: string) => void;
}

/** Does the work until the signal. Rejects if the pages cannot be served. */
export async function runBridge({ config, keys, signal, listening }: RunOptions): Promise<void> {
  // Whoever works listens to it, and so does each check of a machine: that is no leak.
  setMaxListeners(0, signal);
  const log = createPinoLog(config.logLevel, process.stderr);
  const metrics = createPromMetrics();
  const parts = bridgeParts(config, { keys, metrics });
  const { rental, sessions, providerOf: provider } = parts;
  const clock = systemClock;
  const random = Math.random;
  const board = new AccountBoard(rental);
  const worker = config.worker ?? workerName();
  const principal = identityOf(keys).getPrincipal().toText();
  const from = hostname();
  const door: DoorDeps = {
    connector: new SshConnector(),
    secrets: new RentalSecrets(keys.seed),
    sshPort: config.sshPort,
  };
  const { ageIdentity } = keys;
  const machineWork = new SshMachineWork({ ...door, clock, log, ageIdentity, from });
  const engine = createJobEngine({
    ...{ rental, sessions, machineWork, clock, worker, log, metrics, random },
    capacity: config.capacity,
    pollMs: config.pollMs,
    timing: { scriptLimitMs: config.scriptLimitMs },
  });
  const sweep = straySweep({ rental, board, provider, log, metrics, everyMs: config.sweepEveryMs });
  const counted = backlogCount({ rental, board, log, metrics });
  const probing = { clock, from, timeoutMs: PROBE_TRY_MS, door, addresses: mayProbe(config) };
  const prober = healthProber({
    ...{ rental, board, clock, log, metrics, random },
    probe: (target, ending) => probeMachine(target, probing, ending),
    answeredAgoMs: () => rental.answeredAgoMs(),
  });
  const version = bridgeVersion();
  const startedAt = new Date(clock.nowMs()).toISOString();
  const { rentalId } = config.network;
  const status = new StatusBoard({
    ...{ rental, sessions, board, metrics },
    who: { version, worker, principal, startedAt, rentalId },
    inHand: () => engine.inHand(),
    isDraining: () => signal.aborted,
    backlog: () => ({
      machinesToMake: counted.backlog()?.machinesToMake,
      machinesToDelete: counted.backlog()?.machinesToDelete,
      ...prober.backlog(),
      straysWaiting: sweep.waiting(),
    }),
  });
  const server = await servePages(config, status, metrics);
  listening(server.url);
  log.info({ url: server.url, worker, principal }, 'the bridge runs');
  const { isEnabled } = config;
  const { ageRecipient } = keys;
  const repeated: Repeated = {
    heartbeat: heartbeatWorker({ rental, board, ageRecipient, version }),
    catalogue: catalogueWorker({ rental, board, provider, clock, log, metrics }),
    sweep,
    health: prober,
    backlog: counted,
  };
  await Promise.all([
    ...tasksOf(repeated, isEnabled).map((task) =>
      repeat(task, { clock, log, metrics, random }, signal),
    ),
    isEnabled.jobs ? engine.run(signal) : Promise.resolve(),
  ]);
  await server.close();
  log.info({}, 'the bridge has ended');
}

/** A network of its own has its clouds on this computer, too. */
function mayProbe({ network }: BridgeConfig): MachineProbeDeps['addresses'] {
  return network.rootKeyHex === undefined ? 'public' : 'any';
}

type Repeated = Readonly<
  Record<'heartbeat' | 'catalogue' | 'sweep' | 'health' | 'backlog', Periodic>
>;

/** A bridge always says that it is there, and knows what is to be done. */
function tasksOf(
  { heartbeat, backlog, ...rest }: Repeated,
  isEnabled: BridgeConfig['isEnabled'],
): readonly Periodic[] {
  const chosen = (['catalogue', 'sweep', 'health'] as const).filter((name) => isEnabled[name]);
  return [heartbeat, backlog, ...chosen.map((name) => rest[name])];
}

/** Says where it runs, and that it is another process than the last one there. */
function workerName(): string {
  const host = hostname()
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, MAX_HOST);
  return `${host}-${process.pid.toString()}-${randomBytes(3).toString('hex')}`;
}

interface Pages {
  readonly url: string;
  close(): Promise<void>;
}

function servePages(
  { http: { host, port } }: BridgeConfig,
  status: StatusBoard,
  metrics: ReturnType<typeof createPromMetrics>,
): Promise<Pages> {
  const app = createApp({
    checks: () => status.checks(),
    status: () => status.status(),
    metrics: {
      contentType: metrics.contentType,
      text: () => {
        status.setGauges();
        return metrics.text();
      },
    },
  });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, ({ address, port: taken }) => {
      const shown = address.includes(':') ? `[${address}]` : address;
      resolve({ url: `http://${shown}:${taken.toString()}`, close: () => closed(server) });
    });
    server.once('error', reject);
  });
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
