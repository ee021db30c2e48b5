import { mkdirSync } from 'node:fs';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { serve } from '../../http/serve.ts';
import { StateLock } from '../../persist/state-lock.ts';
import { SeededRandom } from '../../system/ledger/faults/seeded-random.ts';
import { Pauses, SYSTEM_CLOCK, type CloudClock } from '../cloud-clock.ts';
import type { MachineHost } from '../machine-host.port.ts';
import { Stock } from './catalogue/stock.ts';
import { CONTROL_PATH, controlRoutes } from './control/control.route.ts';
import {
  createControl,
  type HetznerControl,
  type SimulatedServer,
} from './control/hetzner-control.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { API_PATH, createApiApp } from './http/api-app.ts';
import { RequestCounts, type RequestCount } from './http/request-counts.ts';
import { projectsByToken } from './project.ts';
import { durationsFor } from './servers/durations.ts';
import { Fleet } from './servers/fleet.ts';
import { Lifecycle } from './servers/lifecycle.ts';
import type { ApiShape, ProjectOptions } from './settings.ts';
import { CloudState } from './state/cloud-state.ts';
import { fileStore, NO_STORE } from './state/record-store.ts';

export interface HetznerCloudOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly projects: readonly ProjectOptions[];
  /** Where servers run; without it they are servers in name only. It is not closed with the cloud. */
  readonly machines?: MachineHost | undefined;
  /** 1, the default, is as slow as the real cloud; 0 does everything at once. */
  readonly timeFactor?: number;
  readonly clock?: CloudClock;
  /** Where servers and keys survive a restart; without it they do not. */
  readonly stateDir?: string | undefined;
  /** Draws faults that have a share, and passwords. */
  readonly seed?: number;
  /** Requests an hour and project; default 3,600. */
  readonly rateLimitPerHour?: number;
  readonly apiShape?: ApiShape;
  /** The first two bytes of servers' addresses, default `127.20`; two clouds need two of them. */
  readonly addressPrefix?: string;
  /** Told what no customer sees, e.g. that a machine does not boot; default: standard error. */
  readonly onProblem?: (problem: string) => void;
}

/** A running cloud. */
export interface HetznerCloud {
  /** `http://127.0.0.1:<port>`; control paths are below `/_sim`. */
  readonly url: string;
  /** What a client is given instead of `https://api.hetzner.cloud/v1`. */
  readonly endpoint: string;
  readonly faults: FaultBoard;
  readonly control: HetznerControl;
  /** What was asked so far, by project, token, endpoint and status. */
  requests(): readonly RequestCount[];
  /** Servers that are there: of the token's project, or of all. */
  servers(token?: string): readonly SimulatedServer[];
  /** Also servers that are gone, for a day. */
  history(): readonly SimulatedServer[];
  /** Stops serving and ends the servers' machines. What is in the state directory stays. Once is enough. */
  close(): Promise<void>;
}

const RATE_LIMIT_PER_HOUR = 3_600;
const PASSWORD_LENGTH = 20;
const PASSWORD_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/**
 * Runs a cloud that answers as Hetzner's does, on this machine.
 *
 * Errors: `StateDirError` if another process uses the state directory; the system's error if the port
 * cannot be had; `RangeError` for projects that cannot be told apart.
 */
export async function startHetznerCloud(options: HetznerCloudOptions): Promise<HetznerCloud> {
  const { stateDir, clock = SYSTEM_CLOCK } = options;
  if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const lock = stateDir === undefined ? undefined : StateLock.acquire(stateDir);
  try {
    const parts = assemble(options, clock);
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.route(CONTROL_PATH, controlRoutes(parts));
    const api = createApiApp(parts);
    app.all('*', (c) => api.fetch(c.req.raw, c.env));
    const server = await serve({ app, port: options.port ?? 0 });
    parts.lifecycle.resume();
    const close = async (): Promise<void> => {
      parts.pauses.close();
      await server.close();
      parts.lifecycle.close();
      await parts.fleet.close();
      lock?.release();
    };
    let closing: Promise<void> | undefined;
    return {
      url: server.url,
      endpoint: server.url + API_PATH,
      faults: parts.faults,
      control: parts.control,
      requests: () => parts.counts.entries(),
      servers: (token) => parts.serversOf(token),
      history: () => parts.history(),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function assemble(options: HetznerCloudOptions, clock: CloudClock) {
  const { rateLimitPerHour = RATE_LIMIT_PER_HOUR, seed = 0, stateDir } = options;
  const onProblem = options.onProblem ?? tellOnStandardError;
  const store = stateDir === undefined ? NO_STORE : fileStore(stateDir);
  const state = new CloudState(store, options.addressPrefix ?? '127.20');
  const fleet = new Fleet(options.machines, onProblem);
  const durations = durationsFor(options.timeFactor ?? 1);
  const random = new SeededRandom(seed);
  const rate = { perHour: rateLimitPerHour, nowMs: clock.nowMs() };
  const parts = {
    clock,
    state,
    fleet,
    durations,
    stock: new Stock(),
    lifecycle: new Lifecycle({ state, fleet, clock, durations }),
    settings: { apiShape: options.apiShape ?? 'current' },
    newPassword: () => passwordFrom(random),
    access: projectsByToken(options.projects, rate),
    faults: new FaultBoard(clock, seed),
    counts: new RequestCounts(),
    pauses: new Pauses(clock),
    rateLimitPerHour,
    onProblem,
  };
  const serversOf = (token?: string): readonly SimulatedServer[] => {
    if (token === undefined) return state.servers();
    const project = parts.access.get(token)?.project.name;
    return project === undefined ? [] : state.servers(project);
  };
  return {
    ...parts,
    control: createControl(parts),
    serversOf,
    servers: () => serversOf(),
    history: () => state.history(),
  };
}

function passwordFrom(random: SeededRandom): string {
  return Array.from({ length: PASSWORD_LENGTH }, () =>
    PASSWORD_LETTERS.charAt(Math.floor(random.next() * PASSWORD_LETTERS.length)),
  ).join('');
}

function tellOnStandardError(problem: string): void {
  process.stderr.write(`simulated Hetzner cloud: ${problem}\n`);
}
