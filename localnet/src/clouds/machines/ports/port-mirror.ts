import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { errorCode } from '../files/file-error.ts';
import type { MachineFaults } from '../machine-faults.ts';
import type { MachineLog } from '../machine-options.ts';
import { listeningPorts, type ListeningPorts } from './listening-ports.ts';
import { Relay } from './relay.ts';

const POLL_MS = 250;
/** The kernel's table is dear to read: only if the number of sockets has changed, or after so long. */
const FULL_EVERY = 40;
const PRIVILEGED_END = 1024;

export interface PortMirrorOptions {
  readonly nsenter: string;
  readonly pid: number;
  readonly ipv4: string;
  readonly faults: MachineFaults;
  readonly log: MachineLog;
}

/**
 * Makes what listens on TCP inside a machine reachable at the machine's address, same port, within
 * about a quarter of a second.
 */
export class PortMirror {
  readonly #options: PortMirrorOptions;
  readonly #relay: Relay;
  readonly #servers = new Map<number, Server>();
  /** Ports that could not be opened: told once. */
  readonly #refused = new Set<number>();
  #targets: ListeningPorts = new Map();
  #counts = '';
  #untilFull = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PortMirrorOptions) {
    this.#options = options;
    const { nsenter, pid } = options;
    this.#relay = new Relay({ nsenter, pid, onRefused: () => (this.#untilFull = 0) });
  }

  start(): void {
    this.#looking = this.#look().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), POLL_MS);
    });
  }

  /** Nothing is reachable any more, and connections are cut. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    clearTimeout(this.#timer);
    this.#relay.stop();
    for (const port of this.#servers.keys()) this.#close(port);
  }

  /** After faults have changed: an unreachable machine answers nowhere. */
  applyFaults(): void {
    this.#untilFull = 0;
    if (!this.#options.faults.isUnreachable) return;
    for (const port of this.#servers.keys()) this.#close(port);
    this.#relay.stop();
  }

  async #look(): Promise<void> {
    try {
      const counts = this.#socketCounts();
      this.#untilFull -= 1;
      if (counts === this.#counts && this.#untilFull > 0) return;
      this.#counts = counts;
      this.#untilFull = FULL_EVERY;
      const [tcp = '', tcp6 = ''] = await this.#tables();
      await this.#follow(listeningPorts(tcp, tcp6));
    } catch (error) {
      // Process 1 has ended: whoever waits for it stops this.
      if (errorCode(error) === undefined) throw error;
    }
  }

  /** A few microseconds: not worth a thread. */
  #socketCounts(): string {
    const texts = ['sockstat', 'sockstat6'].map((name) => readFileSync(this.#table(name), 'utf8'));
    return [...texts.join('').matchAll(/^TCP6?: inuse \d+/gm)].map(([text]) => text).join();
  }

  #tables(): Promise<string[]> {
    return Promise.all(['tcp', 'tcp6'].map((name) => readFile(this.#table(name), 'utf8')));
  }

  #table(name: string): string {
    return `/proc/${this.#options.pid}/net/${name}`;
  }

  async #follow(targets: ListeningPorts): Promise<void> {
    this.#targets = targets;
    const isReachable = !this.#options.faults.isUnreachable;
    const gone = [...this.#servers.keys()].filter((port) => !isReachable || !targets.has(port));
    for (const port of gone) this.#close(port);
    for (const port of this.#refused) if (!targets.has(port)) this.#refused.delete(port);
    const wanted = isReachable ? [...targets.keys()] : [];
    const missing = wanted.filter((port) => !this.#servers.has(port) && !this.#refused.has(port));
    await Promise.all(missing.map((port) => this.#open(port)));
  }

  async #open(port: number): Promise<void> {
    const { ipv4, log } = this.#options;
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#admit(socket, port),
    );
    try {
      await new Promise<void>((resolve, reject) => {
        // One that comes later is about a connection, and the next may do.
        server.on('error', reject);
        server.listen(port, ipv4, resolve);
      });
      this.#servers.set(port, server);
      // It may have become so meanwhile.
      if (this.#options.faults.isUnreachable || this.#isStopped) this.#close(port);
    } catch (error) {
      this.#refused.add(port);
      log(`port ${port} of it cannot be reached at ${ipv4}: ${whyNot(error, port)}`);
    }
  }

  /** At once; connections that were handed over are the relay's. */
  #close(port: number): void {
    this.#servers.get(port)?.close();
    this.#servers.delete(port);
  }

  #admit(socket: Socket, port: number): void {
    socket.on('error', () => socket.destroy());
    const host = this.#targets.get(port);
    const isCut = this.#isStopped || this.#options.faults.isUnreachable;
    const isLost = isCut || !this.#options.faults.admitsConnection();
    if (host === undefined || isLost) socket.resetAndDestroy();
    else this.#relay.carry(socket, { port, host });
  }
}

function whyNot(error: unknown, port: number): string {
  const code = errorCode(error) ?? 'no reason';
  if (code === 'EACCES' && port < PRIVILEGED_END) {
    return "ports below 1024 are root's here (sysctl net.ipv4.ip_unprivileged_port_start)";
  }
  return code === 'EADDRINUSE' ? 'another program of this computer listens there' : code;
}
