import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utils } from 'ssh2';
import type { WorkError } from '../core/work-error.ts';
import type { ConnectOutcome, ShellSession, ShellTarget } from '../ports/shell.port.ts';
import { sshKeyPair } from '../secrets/openssh-key.ts';
import { SshHost } from '../testing/ssh-host.fake.ts';
import { SshConnector } from './ssh-connector.ts';

const HOST_KEY = sshKeyPair(new Uint8Array(32).fill(1));
const LOGIN_KEY = sshKeyPair(new Uint8Array(32).fill(2));
const OTHER_KEY = sshKeyPair(new Uint8Array(32).fill(3));
const TIMEOUTS = { tcpMs: 2_000, readyMs: 5_000 };
const EXEC = { timeoutMs: 20_000 };

let home = '';
let host: SshHost;
let port = 0;
let stop: AbortController;
const connector = new SshConnector(TIMEOUTS);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dc-ssh-'));
  await mkdir(join(home, '.ssh'));
  await writeFile(join(home, '.ssh', 'authorized_keys'), `${LOGIN_KEY.publicLine} me\n`);
  host = new SshHost({ hostKeys: [HOST_KEY.privateKey], home });
  port = await host.listen();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await host.close();
  await rm(home, { recursive: true });
});

function target(change: Partial<ShellTarget> = {}): ShellTarget {
  return {
    host: '127.0.0.1',
    port,
    user: 'root',
    privateKey: LOGIN_KEY.privateKey,
    hostKey: HOST_KEY.publicLine,
    ...change,
  };
}

async function session(): Promise<ShellSession> {
  const outcome = await connector.connect(target(), stop.signal);
  if (outcome.kind !== 'connected') throw new Error(outcome.kind);
  return outcome.session;
}

function connect(change: Partial<ShellTarget>): Promise<ConnectOutcome> {
  return connector.connect(target(change), stop.signal);
}

async function rejection(promise: Promise<unknown>): Promise<WorkError> {
  return promise.then(
    () => {
      throw new Error('it was not rejected');
    },
    (error: unknown) => error as WorkError,
  );
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

describe('connect', () => {
  it('logs in where host key and login key are right', async () => {
    expect((await connect({})).kind).toBe('connected');
  });

  it('tells the fingerprint of another host key and does not log in', async () => {
    const outcome = await connect({ hostKey: OTHER_KEY.publicLine });
    expect(outcome).toEqual({ kind: 'wrong-host-key', seen: HOST_KEY.fingerprint });
    expect(host.logins).toBe(0);
  });

  it.each(['', 'ssh-ed25519', 'ssh-rsa AAAA', 'ssh-ed25519 AAAA'])(
    'trusts nobody when the known key is %j',
    async (hostKey) => {
      const outcome = await connect({ hostKey });
      expect(outcome).toEqual({ kind: 'wrong-host-key', seen: HOST_KEY.fingerprint });
    },
  );

  it('does not take a host with a key of another kind', async () => {
    const { private: rsa } = utils.generateKeyPairSync('ecdsa', { bits: 256 });
    const strange = new SshHost({ hostKeys: [rsa], home });
    const outcome = await connect({ port: await strange.listen() });
    await strange.close();
    expect(outcome).toEqual({ kind: 'wrong-host-key', seen: 'no ssh-ed25519 key' });
  });

  it('is refused with a key that the machine does not know', async () => {
    expect(await connect({ privateKey: OTHER_KEY.privateKey })).toEqual({ kind: 'refused' });
  });

  it('finds nobody on a port that is closed', async () => {
    const closed = new SshHost({ hostKeys: [HOST_KEY.privateKey], home });
    const closedPort = await closed.listen();
    await closed.close();
    const outcome = await connect({ port: closedPort });
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'nobody listens there' });
  });

  it('does not look names up', async () => {
    expect((await connect({ host: 'localhost' })).kind).toBe('unreachable');
  });

  it('gives up on who says nothing, and on who hangs up', async () => {
    const impatient = new SshConnector({ tcpMs: 500, readyMs: 100 });
    for (const hangsUp of [false, true]) {
      const silent: Server = createServer((socket) => {
        if (hangsUp) socket.destroy();
      });
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const silentPort = (silent.address() as AddressInfo).port;
      const outcome = await impatient.connect(target({ port: silentPort }), stop.signal);
      silent.close();
      expect(outcome.kind).toBe('unreachable');
    }
  });

  it('ends with the reason of the signal', async () => {
    const why = new Error('the lease is lost');
    const connecting = connector.connect(target(), stop.signal);
    stop.abort(why);
    expect(await rejection(connecting)).toBe(why);
    expect(await rejection(connector.connect(target(), stop.signal))).toBe(why);
  });

  it('says nothing of the key when it cannot be used', async () => {
    const error = await rejection(connect({ privateKey: 'PRIVATE-THING' }));
    expect(error).toMatchObject({ class: 'config' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('PRIVATE-THING');
  });
});

describe('exec', () => {
  it('gives output and exit code', async () => {
    const shell = await session();
    const result = await shell.exec('echo out; echo err >&2; exit 3', EXEC);
    expect([result.code, text(result.stdout), text(result.stderr)]).toEqual([3, 'out\n', 'err\n']);
  });

  it('hands over what is to be read', async () => {
    const shell = await session();
    const stdin = Buffer.from('x'.repeat(300_000));
    const { stdout } = await shell.exec('wc -c', { ...EXEC, stdin });
    expect(text(stdout).trim()).toBe('300000');
  });

  it('runs several at once', async () => {
    const shell = await session();
    const results = await Promise.all([1, 2, 3].map((n) => shell.exec(`exit ${n}`, EXEC)));
    expect(results.map(({ code }) => code)).toEqual([1, 2, 3]);
  });

  it('has no exit code after a signal', async () => {
    const shell = await session();
    host.fault = { kind: 'signalled' };
    expect((await shell.exec('true', EXEC)).code).toBeUndefined();
  });

  it('never takes a cut connection for success', async () => {
    const shell = await session();
    host.fault = { kind: 'cut-after', bytes: 1 };
    const error = await rejection(shell.exec('echo 1; sleep 30', EXEC));
    expect(error).toMatchObject({ name: 'WorkError', class: 'transient' });
    expect(await rejection(shell.exec('true', EXEC))).toMatchObject({ class: 'transient' });
  });

  it('cuts what is late, and whatever else goes on there', async () => {
    const shell = await session();
    host.fault = { kind: 'mute' };
    const other = rejection(shell.exec('true', EXEC));
    const late = await rejection(shell.exec('true', { timeoutMs: 50 }));
    expect([late.class, (await other).class]).toEqual(['transient', 'transient']);
    expect(await rejection(shell.read('/etc/hostname', 0, 10))).toMatchObject({
      class: 'transient',
    });
  });

  it('ends a command that prints too much', async () => {
    const shell = await session();
    const error = await rejection(shell.exec('yes', { ...EXEC, maxOutputBytes: 1_000 }));
    expect(error).toMatchObject({ class: 'config' });
    expect((await shell.exec('true', EXEC)).code).toBe(0);
  });

  it('ends with the reason of the signal, and hangs up', async () => {
    const shell = await session();
    const why = new Error('the lease is lost');
    const running = rejection(shell.exec('sleep 30', EXEC));
    stop.abort(why);
    expect(await running).toBe(why);
    expect(await rejection(shell.exec('true', EXEC))).toBe(why);
  });

  it('does nothing after it was closed', async () => {
    const shell = await session();
    shell.close();
    expect(await rejection(shell.exec('true', EXEC))).toMatchObject({ class: 'transient' });
  });
});

describe('files', () => {
  it('are stored whole with their mode, also over what is there', async () => {
    const shell = await session();
    const path = join(home, 'file');
    for (const size of [10, 200_000, 0]) {
      const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
      await shell.upload(path, bytes, 0o600);
      expect(new Uint8Array(await readFile(path))).toEqual(bytes);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
  });

  it('are read from an offset on', async () => {
    const shell = await session();
    const path = join(home, 'file');
    await writeFile(path, '0123456789'.repeat(10_000));
    expect(text(await shell.read(path, 7, 5))).toBe('78901');
    expect((await shell.read(path, 0, 200_000))?.length).toBe(100_000);
    expect(text(await shell.read(path, 99_999, 10))).toBe('9');
    expect(await shell.read(path, 100_000, 10)).toEqual(Buffer.alloc(0));
    expect(await shell.read(join(home, 'none'), 0, 10)).toBeUndefined();
  });

  it('leave what was there on a full disk', async () => {
    const shell = await session();
    const path = join(home, 'file');
    await writeFile(path, 'old');
    host.fault = { kind: 'disk-full' };
    const error = await rejection(shell.upload(path, Buffer.from('new'), 0o600));
    expect(error).toMatchObject({ class: 'config' });
    expect(error.message).toContain('disk is full');
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('are told apart from a cut connection', async () => {
    const shell = await session();
    await shell.read('/etc/hostname', 0, 10);
    const reading = rejection(shell.read('/dev/zero', 0, 4_000_000));
    host.cut();
    expect(await reading).toMatchObject({ class: 'transient' });
  });

  it('cannot be had where there is no SFTP', async () => {
    const shell = await session();
    host.fault = { kind: 'no-sftp' };
    expect(await rejection(shell.read('/etc/hostname', 0, 10))).toMatchObject({ class: 'config' });
  });
});
