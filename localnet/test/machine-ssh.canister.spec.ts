import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { newSshKey } from '../src/clouds/machines/ssh/host-keys.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asked,
  connect,
  openChannel,
  openSftp,
  run,
  start,
  startShell,
  until,
  withClient,
} from './support/machine-client.ts';
import {
  type MachineWorld,
  nextAddress,
  openMachineWorld,
  SSH_PORT,
  type TestMachine,
  userDataWith,
} from './support/machine-world.ts';

const KEYS = '/root/.ssh/authorized_keys';
const MANY = 20;
const MIB = 1024 * 1024;

let world: MachineWorld;
let one: TestMachine;

beforeAll(async () => {
  world = await openMachineWorld();
  one = await world.boot('one');
});

afterAll(() => world.close());

/** `YYYYMMDDHHMMSS` as expiry-time takes it. */
function timeSpec(inMs: number): string {
  return new Date(Date.now() + inMs).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
}

describe('a command over SSH', () => {
  it('gives its output and its exit code', async () => {
    const ran = await run(one, 'echo out; echo err >&2; exit 3');
    expect(ran).toEqual({ code: 3, signal: undefined, stdout: 'out\n', stderr: 'err\n' });
  });

  it('reads standard input to its end, also as a script', async () => {
    expect((await run(one, 'wc -c', 'x'.repeat(3 * MIB))).stdout.trim()).toBe(String(3 * MIB));
    const ran = await run(one, '/bin/sh -s', 'echo $((6 * 7))\nexit 5\n');
    expect(ran).toMatchObject({ code: 5, stdout: '42\n' });
  });

  it('tells the signal that ended it', async () => {
    expect(await run(one, 'kill -TERM $$')).toMatchObject({ code: undefined, signal: 'SIGTERM' });
    expect(await run(one, 'kill -SEGV $$')).toMatchObject({ code: undefined, signal: 'SIGSEGV' });
  });

  it('gets signals of the client, with all processes of its group', async () => {
    await withClient(one, async (client) => {
      const command = 'trap "echo caught; exit 9" TERM; echo up; sleep 60 & wait';
      const first = await start(client, command);
      await first.saw('up');
      first.channel.signal('TERM');
      expect(await first.ended).toMatchObject({ code: 9, stdout: 'up\ncaught\n' });
      const second = await start(client, 'echo up; sleep 61');
      await second.saw('up');
      second.channel.signal('KILL');
      expect(await second.ended).toMatchObject({ code: undefined, signal: 'SIGKILL' });
    });
    expect((await run(one, 'pgrep -fx "sleep 6[01]"; true')).stdout).toBe('');
  });

  it('streams while it runs', async () => {
    await withClient(one, async (client) => {
      const { channel, ended, saw } = await start(
        client,
        'echo first; read -r line; echo "got $line"',
      );
      await saw('first');
      channel.write('word\n');
      expect((await ended).stdout).toBe('first\ngot word\n');
    });
  });

  it('waits for a client that does not read, and loses nothing', async () => {
    await withClient(one, async (client) => {
      const channel = await openChannel(
        client,
        `head -c ${8 * MIB} /dev/zero; echo done > /root/done`,
      );
      channel.pause();
      await run(one, 'rm -f /root/early; sleep 0.3; [ -e /root/done ] && touch /root/early; true');
      expect((await run(one, 'ls /root/early')).code).not.toBe(0);
      let bytes = 0;
      channel.on('data', (data: Buffer) => (bytes += data.length));
      channel.resume();
      channel.stderr.resume();
      await once(channel, 'close');
      expect(bytes).toBe(8 * MIB);
    });
  });

  it('runs beside many others on one connection, each with its own end', async () => {
    await withClient(one, async (client) => {
      const numbers = Array.from({ length: MANY }, (_unused, index) => index);
      const ends = numbers.map(async (number) => {
        const { channel, ended } = await start(client, `cat; exit ${number}`);
        channel.end(`text ${number}`);
        return ended;
      });
      const told = (await Promise.all(ends)).map(({ code, stdout }) => [code, stdout]);
      expect(told).toEqual(numbers.map((number) => [number, `text ${number}`]));
    });
  });

  it('sees an Ubuntu, its own name and root, and nothing of the host', async () => {
    const { stdout } = await run(
      one,
      '. /etc/os-release; echo "$ID $VERSION_ID"; hostname; whoami; pwd; echo "$SSH_CLIENT" | wc -w; env',
    );
    const [os, name, user, folder, words, ...env] = stdout.trim().split('\n');
    expect([os, name, user, folder, words]).toEqual(['ubuntu 24.04', 'one', 'root', '/root', '2']);
    const names = env.map((line) => line.split('=')[0]);
    const known = [
      'HOME',
      'LANG',
      'LOGNAME',
      'PATH',
      'PWD',
      'SHELL',
      'SHLVL',
      'TAR_OPTIONS',
      'USER',
    ];
    expect(names.filter((one) => !known.includes(one ?? '')).sort()).toEqual(
      ['ID', 'SSH_CLIENT', 'SSH_CONNECTION', '_'].filter((one) => names.includes(one)),
    );
  });

  it('leaves in the background what it started there', async () => {
    const command = 'setsid nohup sh -c "sleep 0.2; echo alive > /root/late" >/dev/null 2>&1 &';
    expect((await run(one, command)).code).toBe(0);
    await until(async () => (await run(one, 'cat /root/late')).stdout === 'alive\n');
  });

  it('goes on after its connection has gone', async () => {
    const client = await connect(one);
    const { saw } = await start(client, 'echo up; sleep 0.2; echo yes > /root/survived');
    await saw('up');
    client.destroy();
    await until(async () => (await run(one, 'cat /root/survived')).stdout === 'yes\n');
  });

  it('has its open output told apart from its end', async () => {
    await withClient(one, async (client) => {
      const { exited, ended } = await start(client, 'sleep 0.3 & exit 4');
      const order: string[] = [];
      const all = [
        exited.then(() => order.push('exit')),
        ended.then(({ code }) => order.push(`close ${String(code)}`)),
      ];
      await all[0];
      expect(order).toEqual(['exit']);
      await Promise.all(all);
      expect(order).toEqual(['exit', 'close 4']);
    });
  });
});

describe('a shell over SSH', () => {
  it('reads commands without a terminal', async () => {
    await withClient(one, async (client) => {
      const { channel, ended } = await startShell(client);
      channel.end('echo "in $PWD"\ntty || true\nexit 6\n');
      expect(await ended).toMatchObject({ code: 6, stdout: 'in /root\nnot a tty\n' });
    });
  });
});

describe('logging in', () => {
  it('answers with the host key that cloud-init was given, and with no other', async () => {
    const host = newSshKey();
    const login = newSshKey();
    const indented = host.privateKey.replaceAll('\n', '\n    ');
    const keys = `ssh_deletekeys: true\nssh_keys:\n  ed25519_private: |\n    ${indented}\n  ed25519_public: ${host.publicLine}\n`;
    const made = await world.boot('pinned', { userData: userDataWith(login, keys) });
    const seen: string[] = [];
    const client = await connect(
      { ...made, key: login },
      {
        hostVerifier: (key: Buffer) => seen.push(key.toString('base64')) > 0,
      },
    );
    client.end();
    expect(seen).toEqual([host.publicLine.split(' ')[1]]);
    expect((await run({ ...made, key: login }, 'ls /etc/ssh/*_key')).stdout).toBe(
      '/etc/ssh/ssh_host_ed25519_key\n',
    );
  });

  it('refuses other keys, other users and passwords', async () => {
    const refused = 'All configured authentication methods failed';
    await expect(connect({ ...one, key: newSshKey() })).rejects.toThrow(refused);
    await expect(connect(one, { username: 'ubuntu' })).rejects.toThrow(refused);
    const byPassword = new ssh2.Client();
    byPassword.connect({ host: one.ipv4, port: SSH_PORT, username: 'root', password: 'root' });
    const [error] = (await once(byPassword, 'error')) as [Error];
    expect(error.message).toBe(refused);
  });

  it('goes by authorized_keys as it is at that moment', async () => {
    const late = newSshKey();
    await expect(connect({ ...one, key: late })).rejects.toThrow('authentication');
    await run(one, `echo '${late.publicLine}' >> ${KEYS}`);
    expect((await run({ ...one, key: late }, 'echo in')).stdout).toBe('in\n');
    await run(one, `sed -i '$d' ${KEYS}`);
    await expect(connect({ ...one, key: late })).rejects.toThrow('authentication');
  });

  it('lets RSA and ECDSA keys in', async () => {
    for (const [type, options] of [
      ['rsa', { bits: 2048 }],
      ['ecdsa', { bits: 256 }],
    ] as const) {
      const pair = ssh2.utils.generateKeyPairSync(type, options as never);
      await run(one, `echo '${pair.public.trim()}' >> ${KEYS}`);
      const key = { privateKey: pair.private, publicLine: pair.public };
      expect((await run({ ...one, key }, 'echo in')).stdout).toBe('in\n');
    }
  });

  it('runs the forced command of a key, whatever is asked for', async () => {
    const key = newSshKey();
    const options = String.raw`restrict,command="echo \"asked: $SSH_ORIGINAL_COMMAND\"; exit 7"`;
    await run(one, `cat >> ${KEYS}`, `${options} ${key.publicLine}\n`);
    const forced = { ...one, key };
    expect(await run(forced, 'rm -rf /root/x')).toMatchObject({
      ...{ code: 7, stdout: 'asked: rm -rf /root/x\n' },
    });
    await withClient(forced, async (client) => {
      expect((await (await startShell(client)).ended).stdout).toBe('asked: \n');
      await expect(openSftp(client)).rejects.toThrow();
    });
  });

  it('refuses a key after its expiry-time', async () => {
    const key = newSshKey();
    await run(one, `cat >> ${KEYS}`, `expiry-time="${timeSpec(-60_000)}Z" ${key.publicLine}\n`);
    await expect(connect({ ...one, key })).rejects.toThrow('authentication');
    await run(
      one,
      `cat >> ${KEYS}`,
      `restrict,expiry-time="${timeSpec(60_000)}" ${key.publicLine}\n`,
    );
    expect((await run({ ...one, key }, 'echo in')).stdout).toBe('in\n');
  });

  it('refuses everybody while others may write the file, as sshd does', async () => {
    const made = await world.boot('strict');
    await run(made, `chmod 666 ${KEYS}`);
    await expect(connect(made)).rejects.toThrow('authentication');
    expect(world.lines.join('\n')).toContain(`others may write ${KEYS}`);
  });

  it('lets nobody in whose user data is damaged, and boots', async () => {
    const made = await world.boot('damaged', { userData: '#cloud-config\nssh_keys: [\n' });
    await expect(connect(made)).rejects.toThrow('authentication');
    expect(world.lines.join('\n')).toContain(
      'machine damaged: cloud-init: the user data is no YAML',
    );
  });

  it('never forwards connections', async () => {
    await withClient(one, async (client) => {
      const forwarded = asked((done) =>
        client.forwardOut('127.0.0.1', 1, '127.0.0.1', SSH_PORT, done),
      );
      await expect(forwarded).rejects.toThrow('Channel open failure');
    });
  });
});

describe('createMachineHost', () => {
  it('refuses addresses that are not loopback, are taken, and names that are no folders', async () => {
    await expect(world.make('far', { ipv4: '10.0.0.1' })).rejects.toThrow('127.0.0.0/8');
    await expect(world.make('twin', { ipv4: one.ipv4 })).rejects.toThrow('belongs to machine one');
    await expect(world.make('../up', { ipv4: nextAddress() })).rejects.toThrow('cannot name');
  });

  it('starts machines of a folder that is named from here', async () => {
    // Below this one: a way up and down again would be right from the root, too.
    await mkdir('.cache', { recursive: true });
    const folder = await mkdtemp(join('.cache', 'machines-'));
    const near = await openMachineWorld({ stateDir: folder });
    try {
      expect(near.host.isIsolated).toBe(true);
      await near.boot('near');
    } finally {
      await near.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
