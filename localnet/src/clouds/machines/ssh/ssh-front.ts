import { createServer, type Server, type Socket } from 'node:net';
import type { Server as SshServer } from 'ssh2';
import type { MachineFaults } from '../machine-faults.ts';

export interface SshFrontOptions {
  readonly ipv4: string;
  readonly port: number;
  readonly faults: MachineFaults;
}

/** Where a machine answers SSH, and what goes wrong on the way there. */
export class SshFront {
  readonly #options: SshFrontOptions;
  /** When each was opened. */
  readonly #sockets = new Map<Socket, number>();
  #listener: Server | undefined;

  constructor(options: SshFrontOptions) {
    this.#options = options;
  }

  /** Rejects if the address is taken. `serverNow` is asked for each connection. */
  async open(serverNow: () => SshServer): Promise<void> {
    const listener = createServer((socket) => this.#admit(socket, serverNow));
    const { ipv4, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      // One that comes later is about a connection, and the next may do.
      listener.on('error', reject);
      listener.listen(port, ipv4, resolve);
    });
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#listener !== undefined;
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const socket of this.#sockets.keys()) socket.destroy();
    await closed;
  }

  /** After faults have changed: those that are open are meant, too. */
  applyFaults(): void {
    for (const socket of this.#sockets.keys()) this.#scheduleDrop(socket);
  }

  #admit(socket: Socket, serverNow: () => SshServer): void {
    this.#sockets.set(socket, performance.now());
    const { faults } = this.#options;
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (!faults.admitsConnection()) {
      socket.resetAndDestroy();
      return;
    }
    this.#scheduleDrop(socket);
    // Answers are small: none waits for the next.
    socket.setNoDelay(true);
    serverNow().injectSocket(socket);
  }

  #scheduleDrop(socket: Socket): void {
    const afterMs = this.#options.faults.dropsSshAfterMs;
    const openedAtMs = this.#sockets.get(socket);
    if (afterMs === undefined || openedAtMs === undefined) return;
    const leftMs = Math.max(0, openedAtMs + afterMs - performance.now());
    const timer = setTimeout(() => socket.resetAndDestroy(), leftMs);
    socket.once('close', () => clearTimeout(timer));
  }
}
