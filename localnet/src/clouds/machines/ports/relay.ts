import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { joinArgs } from '../sandbox/enter-args.ts';
import { AFTER_STDIO, hostCommand } from '../sandbox/host-command.ts';

const PROGRAM = fileURLToPath(new URL('relay-child.mjs', import.meta.url));
/** It only passes bytes. */
const SMALL_HEAP = ['--max-semi-space-size=1', '--max-old-space-size=64'];
const IPC_FD = AFTER_STDIO;

export interface RelayOptions {
  readonly nsenter: string;
  /** Process 1 of the machine, as the host counts. */
  readonly pid: number;
  /** Nothing listened where a connection was for. */
  onRefused(): void;
}

/** A child process and the connections that it has not said yet to have. */
interface Carrier {
  readonly child: ChildProcess;
  readonly handing: Map<number, Socket>;
  handedOver: number;
}

/** Carries connections into a machine's network; a process while there are any, and a while after. */
export class Relay {
  readonly #options: RelayOptions;
  #carrier: Carrier | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Hands a paused connection over. */
  carry(socket: Socket, target: { port: number; host: string }): void {
    const carrier = (this.#carrier ??= this.#start());
    carrier.handedOver += 1;
    const id = carrier.handedOver;
    carrier.handing.set(id, socket);
    // Ours is kept until the child has it: were it to end in between, nobody would cut the connection.
    carrier.child.send({ ...target, id }, socket, { keepOpen: true }, (error) => {
      if (error !== null) letGo(carrier, id);
    });
  }

  /** Cuts whatever it carries. */
  stop(): void {
    const carrier = this.#carrier;
    this.#carrier = undefined;
    if (carrier !== undefined) end(carrier);
  }

  #start(): Carrier {
    const { nsenter, pid } = this.#options;
    const words = [nsenter, ...joinArgs(pid, ['--user', '--net'])];
    const program = [process.execPath, ...SMALL_HEAP, PROGRAM];
    const { file, args } = hostCommand([...words, ...program], {
      taskFiles: [],
      closesFrom: IPC_FD + 1,
    });
    const child = spawn(file, args, {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const carrier: Carrier = { child, handing: new Map(), handedOver: 0 };
    child.on('message', (message) => this.#hear(carrier, message));
    const forget = (): void => {
      if (this.#carrier === carrier) this.#carrier = undefined;
      end(carrier);
    };
    child.on('exit', forget);
    child.on('error', forget);
    return carrier;
  }

  #hear(carrier: Carrier, message: unknown): void {
    if (typeof message !== 'object' || message === null || !('kind' in message)) return;
    if (message.kind === 'refused') this.#options.onRefused();
    if (message.kind === 'taken' && 'id' in message) letGo(carrier, Number(message.id));
    if (message.kind !== 'idle' || this.#carrier !== carrier) return;
    // Another connection may be on its way to it.
    if (carrier.handing.size > 0) return;
    this.#carrier = undefined;
    carrier.child.disconnect();
  }
}

/** Closes our end only. */
function letGo(carrier: Carrier, id: number): void {
  carrier.handing.get(id)?.destroy();
  carrier.handing.delete(id);
}

function end(carrier: Carrier): void {
  carrier.child.kill('SIGKILL');
  for (const socket of carrier.handing.values()) socket.resetAndDestroy();
  carrier.handing.clear();
}
