import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { Server, utils, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { serveFiles } from './sftp-host.fake.ts';

export type HostFault =
  /** Connections are cut when a command has printed so many bytes. */
  | { readonly kind: 'cut-after'; readonly bytes: number }
  /** Commands are taken and never end. */
  | { readonly kind: 'mute' }
  /** Ends by a signal. */
  | { readonly kind: 'signalled' }
  /** No SFTP. */
  | { readonly kind: 'no-sftp' }
  /** What is written is refused. */
  | { readonly kind: 'disk-full' };

/** How the host is known, and who may enter. */
export interface SshHostSetup {
  /** OpenSSH private keys. */
  readonly hostKeys: readonly string[];
  /** The home of its only user; who may enter stands in `.ssh/authorized_keys`, read at each login. */
  readonly home: string;
  /** Told in the environment of commands. */
  readonly env?: Readonly<Record<string, string>>;
  /** Texts in commands that stand for others. */
  readonly moved?: ReadonlyMap<string, string>;
}

/** A real SSH server on a port of 127.0.0.1 that runs real commands and serves real files. */
export class SshHost {
  readonly #setup: SshHostSetup;
  readonly #tcp: TcpServer;
  readonly #connections = new Set<Connection>();
  fault: HostFault | undefined;
  /** Logins so far. */
  logins = 0;
  /** Commands so far. */
  readonly commands: string[] = [];

  constructor(setup: SshHostSetup) {
    this.#setup = setup;
    const ssh = new Server({ hostKeys: [...setup.hostKeys] }, (connection) => {
      this.#serve(connection);
    });
    // Each small answer at once, as OpenSSH does.
    this.#tcp = createServer({ noDelay: true }, (socket) => ssh.injectSocket(socket));
  }

  /** The port that it listens on. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen(port, '127.0.0.1', resolve);
    });
    return (this.#tcp.address() as AddressInfo).port;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const connection of this.#connections) connection.end();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#tcp.close(() => resolve());
    });
  }

  #serve(connection: Connection): void {
    this.#connections.add(connection);
    let forced: string | undefined;
    connection.on('error', () => undefined);
    connection.on('close', () => this.#connections.delete(connection));
    connection.on('authentication', (context) => {
      void this.#entry(context).then((entry) => {
        if (entry === undefined) context.reject(['publickey']);
        else {
          forced = entry.command;
          context.accept();
        }
      });
    });
    connection.on('ready', () => {
      this.logins += 1;
      connection.on('session', (accept) => {
        const session = accept();
        session.on('exec', (take, _reject, { command }) => {
          this.#exec({ channel: take(), connection, command, forced });
        });
        session.on('sftp', (take, reject) => {
          if (forced !== undefined || this.fault?.kind === 'no-sftp') reject();
          else serveFiles(take(), () => this.fault?.kind === 'disk-full');
        });
      });
    });
  }

  /** The line that lets somebody in. */
  async #entry(
    context: AuthContext,
  ): Promise<{ readonly command: string | undefined } | undefined> {
    if (context.method !== 'publickey') return undefined;
    const file = join(this.#setup.home, '.ssh', 'authorized_keys');
    const lines = (await readFile(file, 'utf8')).split('\n');
    const key = context.key.data.toString('base64');
    const line = lines.find((one) => one.includes(key));
    if (line === undefined) return undefined;
    const parsed = utils.parseKey(`ssh-ed25519 ${key}`);
    const { blob, signature } = context;
    if (parsed instanceof Error) return undefined;
    if (signature !== undefined && !isTrue(parsed.verify(blob ?? Buffer.alloc(0), signature))) {
      return undefined;
    }
    return { command: /command="([^"]*)"/.exec(line)?.[1] };
  }

  #exec(asked: {
    readonly channel: ServerChannel;
    readonly connection: Connection;
    readonly command: string;
    readonly forced: string | undefined;
  }): void {
    const { channel, connection, command, forced } = asked;
    const { home, env, moved } = this.#setup;
    this.commands.push(command);
    if (this.fault?.kind === 'mute') return;
    if (this.fault?.kind === 'signalled') {
      channel.exit('TERM', false, '');
      channel.end();
      return;
    }
    const here = (text: string): string =>
      [...(moved ?? [])].reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
    const run = here(forced ?? command);
    const child = spawn('/bin/sh', ['-c', run], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        ...(forced === undefined ? {} : { SSH_ORIGINAL_COMMAND: command }),
        ...env,
      },
    });
    let printed = 0;
    child.stdout.on('data', (piece: Buffer) => {
      printed += piece.length;
      channel.write(piece);
      if (this.fault?.kind === 'cut-after' && printed >= this.fault.bytes) connection.end();
    });
    child.stderr.on('data', (piece: Buffer) => channel.stderr.write(piece));
    channel.on('data', (piece: Buffer) =>
      child.stdin.write(moved ? here(piece.toString()) : piece),
    );
    channel.on('end', () => child.stdin.end());
    child.stdin.on('error', () => undefined);
    channel.on('close', () => child.kill('SIGKILL'));
    child.on('close', (code) => {
      channel.exit(code ?? 255);
      channel.end();
    });
  }
}

function isTrue(verified: boolean | Error): boolean {
  return verified === true;
}
