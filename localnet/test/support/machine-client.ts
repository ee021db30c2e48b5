import { once } from 'node:events';
import ssh2, { type Client, type ClientChannel, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import type { newSshKey } from '../../src/clouds/machines/ssh/host-keys.ts';
import { SSH_PORT } from './machine-world.ts';

const READY_TIMEOUT_MS = 20_000;
const PAUSE_MS = 25;

export type LoginKey = ReturnType<typeof newSshKey>;

export interface Login {
  readonly ipv4: string;
  readonly key: LoginKey;
}

/** How a command ended; both undefined if the connection ended first. */
export interface Ran {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects as ssh2 does: not reachable, refused, or another host key. */
export async function connect(login: Login, config: ConnectConfig = {}): Promise<Client> {
  const client = new ssh2.Client();
  const settled = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    client.once('close', () => reject(new Error('the connection was closed')));
  });
  client.connect({
    ...{ host: login.ipv4, port: SSH_PORT, username: 'root', privateKey: login.key.privateKey },
    readyTimeout: READY_TIMEOUT_MS,
    ...config,
  });
  await settled;
  // Later errors are told by what was under way.
  client.on('error', () => client.end());
  client.setNoDelay(true);
  return client;
}

export async function withClient<T>(login: Login, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(login);
  try {
    return await use(client);
  } finally {
    client.end();
  }
}

/** A channel that is read from its first moment: what comes with its opening is not lost. */
export interface Started {
  readonly channel: ClientChannel;
  /** Resolves when the program has ended; others may still hold its output. */
  readonly exited: Promise<void>;
  readonly ended: Promise<Ran>;
  /** Resolves once standard output holds the text. */
  readonly saw: (text: string) => Promise<void>;
}

function follow(channel: ClientChannel): Started {
  let [stdout, stderr] = ['', ''];
  let end: Pick<Ran, 'code' | 'signal'> = { code: undefined, signal: undefined };
  channel.on('data', (data: Buffer) => (stdout += data.toString()));
  channel.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  channel.on('exit', (code: number | null, signal?: string) => {
    end = { code: code ?? undefined, signal };
  });
  return {
    channel,
    exited: once(channel, 'exit').then(() => undefined),
    ended: once(channel, 'close').then(() => ({ ...end, stdout, stderr })),
    saw: async (text) => {
      while (!stdout.includes(text)) await once(channel, 'data');
    },
  };
}

export function openChannel(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

export function start(client: Client, command: string): Promise<Started> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(follow(channel))));
  });
}

export function startShell(client: Client): Promise<Started> {
  return new Promise((resolve, reject) => {
    client.shell(false, (error, channel) => (error ? reject(error) : resolve(follow(channel))));
  });
}

/** Runs a command in a connection of its own. */
export function run(login: Login, command: string, stdin = ''): Promise<Ran> {
  return withClient(login, async (client) => {
    const { channel, ended } = await start(client, command);
    channel.end(stdin);
    return ended;
  });
}

export function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
  });
}

/** Tries again until it says yes; the test's own time limit ends it. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** A method of SFTP with a callback as a promise. */
export function asked<T>(
  ask: (done: (error: Error | null | undefined, value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value)));
  });
}
