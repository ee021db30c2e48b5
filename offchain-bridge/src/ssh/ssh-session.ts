import type { Socket } from 'node:net';
import type { Client, ClientChannel } from 'ssh2';
import { WorkError } from '../core/work-error.ts';
import type { ExecOptions, ExecResult, ShellSession } from '../ports/shell.port.ts';
import { readPart, uploadWhole, type SftpSession } from './sftp-files.ts';

const MAX_OUTPUT_BYTES = 64 * 1_024;
const SFTP_TIMEOUT_MS = 60_000;
/** A command, or a connection, that was told to end and has not is cut off. */
const KILL_MS = 1_000;

interface Task<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** A login that lives as long as its connection and its signal do. */
export class SshSession implements ShellSession {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #running = new Set<(error: Error) => void>();
  #sftp: Promise<SftpSession> | undefined;
  /** Why nothing works any more. */
  #end: Error | undefined;
  readonly #abort = (): void => {
    this.#finish(this.#signal.reason as Error);
    this.#socket.destroy();
  };

  /** The client is logged in. An abort cuts the connection; what is under way rejects with its reason. */
  constructor(
    { client, socket }: { readonly client: Client; readonly socket: Socket },
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#socket = socket;
    this.#signal = signal;
    client.on('error', () => this.#finish(lost()));
    client.once('close', () => this.#finish(lost()));
    signal.addEventListener('abort', this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  exec(command: string, options: ExecOptions): Promise<ExecResult> {
    return this.#run(options.timeoutMs, (task) => {
      this.#client.exec(command, (error, channel: ClientChannel | undefined) => {
        if (channel === undefined) {
          task.reject(
            new WorkError('transient', 'The machine starts no command.', { cause: error }),
          );
          return;
        }
        this.#collect(channel, options, task);
      });
      return undefined;
    });
  }

  upload(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    return this.#run(SFTP_TIMEOUT_MS, async () => {
      await uploadWhole(await this.#files(), { path, bytes, mode });
    });
  }

  read(path: string, offset: number, maxBytes: number): Promise<Uint8Array | undefined> {
    return this.#run(SFTP_TIMEOUT_MS, async () =>
      readPart(await this.#files(), { path, offset, maxBytes }),
    );
  }

  close(): void {
    this.#finish(new WorkError('transient', 'The connection was closed.'));
    this.#client.end();
    this.#cutSoon();
  }

  /** Ends with the task, the connection, the signal, or the time, whichever comes first. */
  #run<T>(timeoutMs: number, start: (task: Task<T>) => Promise<T> | undefined): Promise<T> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#running.delete(fail);
      };
      const fail = (error: Error): void => {
        leave();
        reject(error);
      };
      const task: Task<T> = {
        resolve: (value) => {
          leave();
          resolve(value);
        },
        reject: fail,
      };
      const timer = setTimeout(() => this.#giveUp(timeoutMs, fail), timeoutMs);
      this.#running.add(fail);
      try {
        start(task)?.then(task.resolve, fail);
      } catch {
        // The client throws where the connection is gone and nobody has said so yet.
        fail(lost());
      }
    });
  }

  #collect(
    channel: ClientChannel,
    { stdin, maxOutputBytes = MAX_OUTPUT_BYTES }: ExecOptions,
    task: Task<ExecResult>,
  ): void {
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    let outputBytes = 0;
    let exit: { readonly code: number | undefined } | undefined;
    const kill = (): void => this.#kill(channel);
    this.#running.add(kill);
    const take = (into: Buffer[]) => (piece: Buffer) => {
      outputBytes += piece.length;
      if (outputBytes <= maxOutputBytes) into.push(piece);
      else {
        kill();
        const most = maxOutputBytes.toString();
        task.reject(new WorkError('config', `A command printed more than ${most} bytes.`));
      }
    };
    channel.on('data', take(stdout));
    channel.stderr.on('data', take(stderr));
    // Only this says how it ended: a connection that is cut closes the channel, too.
    channel.on('exit', (code: number | null) => (exit = { code: code ?? undefined }));
    channel.once('close', () => {
      this.#running.delete(kill);
      if (exit === undefined) task.reject(lost());
      else {
        const output = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
        task.resolve({ code: exit.code, ...output });
      }
    });
    channel.end(stdin);
  }

  /** What does not end by itself is killed, and the connection with it. */
  #giveUp(timeoutMs: number, fail: (error: Error) => void): void {
    const seconds = Math.round(timeoutMs / 1_000).toString();
    const error = new WorkError('transient', `The machine was not done within ${seconds} seconds.`);
    fail(error);
    this.#finish(error);
    this.#cutSoon();
  }

  /** Whoever does not take part in ending is left. */
  #cutSoon(): void {
    setTimeout(() => this.#socket.destroy(), KILL_MS).unref();
  }

  #kill(channel: ClientChannel): void {
    channel.signal('KILL');
    channel.close();
  }

  #files(): Promise<SftpSession> {
    this.#sftp ??= new Promise((resolve, reject) => {
      if (this.#end !== undefined) reject(this.#end);
      else {
        this.#client.sftp((error, sftp) => {
          if (error !== undefined) {
            reject(new WorkError('config', 'The machine has no SFTP.', { cause: error }));
            return;
          }
          const forget = (): void => (this.#sftp = undefined);
          sftp.on('error', forget).once('close', forget);
          resolve(sftp);
        });
      }
    });
    return this.#sftp;
  }

  #finish(error: Error): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#end ??= error;
    for (const stop of this.#running) stop(this.#end);
    this.#running.clear();
  }
}

function lost(): WorkError {
  return new WorkError('transient', 'The connection to the machine was lost.');
}
