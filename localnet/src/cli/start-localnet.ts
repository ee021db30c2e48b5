import pc from 'picocolors';
import type { Replica } from '../core/replica-api.ts';
import type { ProgramFactory } from '../core/state-image.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import { GatewayNames } from '../gateway/gateway-names.ts';
import { OutcallCourier } from '../host/outcall-courier.ts';
import { serve, type RunningServer } from '../http/serve.ts';
import { createIdentitySite, IDENTITY_NAME } from '../identity/identity-site.ts';
import type { LocalnetNode } from '../localnet-node.ts';
import { openPersistentNode, type PersistentNode } from '../persist/persistent-node.ts';
import { logCalls, type LogLevel } from './call-log.ts';
import { DEFAULT_PORT, DEFAULT_STATE_DIR } from './cli-args.ts';
import { installStandardCanisters, standardPrograms } from './standard-network.ts';
import { timeRoutes } from './time-routes.ts';
import { UsageError } from './usage-error.ts';

const PORT_MAX = 65_535;
const IDENTITY_HOST = `${IDENTITY_NAME}.localhost`;

export interface StartLocalnetOptions {
  /** Port on 127.0.0.1; 0 takes any free one. Default 4943. */
  readonly port?: number;
  /** A loopback address. Default 127.0.0.1. */
  readonly hostname?: string;
  /** Folder the network is kept in. Default `.localnet` in the working directory. */
  readonly stateDir?: string;
  /** Deletes the network in `stateDir` first; other files there stay. */
  readonly clean?: boolean;
  /** Default `off`. */
  readonly log?: LogLevel;
  /** Takes the lines of the log. Default: standard output. */
  readonly write?: (line: string) => void;
  /** Places more native canisters; runs only when the network begins, after the standard ones. */
  readonly genesis?: (replica: Replica) => void;
  /** Makes those again, empty, when the network is loaded. */
  readonly programs?: ProgramFactory;
  /** Host names of canisters' pages. `identity` is reserved by the start. */
  readonly names?: GatewayNames;
  /** The clock that drives the network's time. Default: the wall clock. */
  readonly nowNs?: () => bigint;
}

export interface RunningLocalnet {
  /** `http://127.0.0.1:<port>`: the IC's HTTP API and canisters' pages. */
  readonly url: string;
  readonly port: number;
  /** `http://identity.localhost:<port>`: the page that stands in for Internet Identity. */
  readonly identityProvider: string;
  /** DER-encoded, as clients take it. */
  readonly rootKeyHex: string;
  /** Whether the network was there before this start. */
  readonly isRestored: boolean;
  readonly node: LocalnetNode;
  /** Stops executing and serving, saves the state and gives the folder back. */
  close(): Promise<void>;
}

/**
 * Runs a local Internet Computer by the wall clock, with ICP, cycles and ck-token ledgers in which
 * the anonymous principal is rich. HTTPS outcalls of canisters go out for real. The state is kept
 * across restarts and crashes of the process.
 *
 * Errors: `GatewayNameError` if a canister is named `identity`; `UsageError` if the port is taken; `StateDirError`
 * if `stateDir` is in use or damaged. After an error nothing is left running.
 */
export async function startLocalnet(options: StartLocalnetOptions = {}): Promise<RunningLocalnet> {
  const stateDir = options.stateDir ?? DEFAULT_STATE_DIR;
  const names = options.names ?? new GatewayNames();
  names.reserve(IDENTITY_NAME);
  // The port first: a start that cannot be must not have deleted anything.
  const door = new Door();
  const server = await openPort(door, options);
  let persistent: PersistentNode;
  try {
    persistent = openNode(stateDir, options);
  } catch (error) {
    await server.close();
    throw error;
  }
  const { node, isRestored } = persistent;
  const { host, api, keys, replica } = node;
  logCalls(replica, {
    level: options.log ?? 'off',
    colors: pc,
    write: options.write ?? ((line) => void process.stdout.write(line)),
  });
  const gateway = createGateway({
    host,
    api,
    names,
    extraRoutes: timeRoutes(host),
    sites: new Map([[IDENTITY_HOST, createIdentitySite({ nowNs: () => host.refreshTimeNs() })]]),
  });
  door.open((request) => gateway.fetch(request));
  const courier = new OutcallCourier(host);
  host.start();
  courier.start();
  persistent.announce(server.url);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    courier.stop();
    host.stop();
    await server.close();
    persistent.close();
  };
  return {
    url: server.url,
    port: server.port,
    identityProvider: `http://${IDENTITY_HOST}:${server.port}`,
    rootKeyHex: Buffer.from(keys.rootKeyDer).toString('hex'),
    isRestored,
    node,
    close: () => (closing ??= close()),
  };
}

function openNode(stateDir: string, options: StartLocalnetOptions): PersistentNode {
  return openPersistentNode({
    stateDir,
    clean: options.clean ?? false,
    genesis: (replica) => {
      installStandardCanisters(replica);
      options.genesis?.(replica);
    },
    programs: (programId) => options.programs?.(programId) ?? standardPrograms(programId),
    ...(options.nowNs && { node: { nowNs: options.nowNs } }),
  });
}

/** Answers requests that come while the network is being loaded. */
class Door {
  #answer: ((request: Request) => Response | Promise<Response>) | undefined;

  open(answer: (request: Request) => Response | Promise<Response>): void {
    this.#answer = answer;
  }

  readonly fetch = (request: Request): Response | Promise<Response> =>
    this.#answer?.(request) ??
    new Response('The local network is starting.\n', {
      status: 503,
      headers: { 'retry-after': '1' },
    });
}

async function openPort(door: Door, options: StartLocalnetOptions): Promise<RunningServer> {
  const port = options.port ?? DEFAULT_PORT;
  const hostname = options.hostname ?? '127.0.0.1';
  try {
    return await serve({ app: door, port, hostname });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw portTaken(port, hostname);
    }
    throw error;
  }
}

function portTaken(port: number, hostname: string): UsageError {
  const other = port < PORT_MAX ? port + 1 : DEFAULT_PORT;
  return new UsageError(
    `port ${port} on ${hostname} is in use. Choose another, for example with --port ${other}; ` +
      '--port 0 takes any free one.',
  );
}
