import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newSshKey } from '../src/clouds/machines/ssh/host-keys.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect, openSftp, run, start, until, withClient } from './support/machine-client.ts';
import {
  type MachineWorld,
  nextAddress,
  openMachineWorld,
  type TestMachine,
  userDataWith,
} from './support/machine-world.ts';

const VICTIM = fileURLToPath(new URL('support/machine-victim.ts', import.meta.url));
const LONG_S = 86_000;
const LIFE_OF_MANY = 50;

let world: MachineWorld;
let one: TestMachine;
const guestPower: string[] = [];

beforeAll(async () => {
  world = await openMachineWorld({
    onGuestPower: (id, action) => guestPower.push(`${id} ${action}`),
  });
  one = await world.boot('one');
});

afterAll(() => world.close());

/** Processes of the whole computer whose command line holds the text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

function childrenOf(pid: number | undefined): string[] {
  const path = `/proc/${String(pid)}/task/${String(pid)}/children`;
  return readFileSync(path, 'utf8').trim().split(' ');
}

let durations = 0;

/** The command line of a sleep that is not like any other, on this computer and in this run. */
function longSleep(): string {
  durations += 1;
  return `sleep ${LONG_S + durations}.${process.pid}`;
}

async function background(machine: TestMachine, command: string): Promise<void> {
  await run(machine, `setsid nohup ${command} </dev/null >/dev/null 2>&1 &`);
  await until(() => Promise.resolve(processesWith(command.replaceAll(' ', '\0')).length > 0));
}

function isGone(command: string): Promise<boolean> {
  return Promise.resolve(processesWith(command.replaceAll(' ', '\0')).length === 0);
}

describe('a program in a machine', () => {
  it('cannot change the system', async () => {
    for (const path of [
      '/usr/bin/x',
      '/usr/lib/x',
      '/bin/x',
      '/lib/x',
      '/usr/x',
      '/proc/self/comm',
    ]) {
      const { code, stderr } = await run(one, `echo x > ${path}`);
      expect(code).toBe(1);
      expect(stderr).toMatch(/Read-only file system|Permission denied/);
    }
    expect((await run(one, 'echo x > /etc/ld.so.preload')).code).toBe(1);
    expect((await run(one, 'mv /etc /etc2')).code).toBe(1);
    expect((await run(one, 'echo core > /proc/sys/kernel/core_pattern')).code).toBe(1);
    expect((await run(one, 'mount -t tmpfs none /mnt; mknod /root/disk b 254 0')).code).toBe(1);
  });

  it('cannot win back rights in a user namespace of its own', async () => {
    const ran = await run(
      one,
      'unshare -Urm sh -c "mount -o remount,rw,bind /usr/lib && touch /usr/lib/x"',
    );
    expect(ran.code).not.toBe(0);
    expect(existsSync('/usr/lib/x')).toBe(false);
  });

  it('sees its own processes only', async () => {
    const { stdout } = await run(one, 'ls -d /proc/[0-9]* | wc -l; cat /proc/1/comm');
    const [count = '', first] = stdout.split('\n');
    expect(Number(count)).toBeLessThan(8);
    expect(first).toBe('init');
    expect((await run(one, `kill -0 ${process.pid}`)).code).toBe(1);
    expect((await run(one, 'kill -9 1; echo still here')).stdout).toBe('still here\n');
  });

  it('sees neither files of the host nor of other machines', async () => {
    await world.boot('other');
    await writeFile(
      join(world.stateDir, 'other', 'fs', 'root', 'private-of-other'),
      'of the other',
    );
    const paths = [
      world.stateDir,
      fileURLToPath(import.meta.url),
      '/root/.bashrc-of-host',
      '/etc/machine-id',
    ];
    for (const path of paths) expect((await run(one, `ls ${path}`)).code).not.toBe(0);
    const found = await run(
      one,
      'find / -name private-of-other -not -path "/proc/*" 2>/dev/null; cat /etc/shadow',
    );
    expect(found.stdout).toMatch(/^root:\*/);
    const held = await run(one, 'ls -l /proc/self/fd /proc/1/fd');
    expect(held.stdout).not.toContain(world.stateDir);
  });

  it('reaches neither the host nor other machines nor the world', async () => {
    const server = createServer((_request, response) => response.end('host'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const probe = (host: string, at: number): Promise<{ code: number | undefined }> =>
      run(one, `timeout 5 bash -c 'exec 3<>/dev/tcp/${host}/${at}'`);
    expect((await probe('127.0.0.1', port)).code).toBe(1);
    const other = await world.boot('neighbour');
    expect((await probe(other.ipv4, 2_222)).code).toBe(1);
    expect((await probe('192.0.2.1', 80)).code).toBe(1);
    server.close();
  });

  it('has the node that runs this, and a time of its own since boot', async () => {
    for (const node of ['/usr/bin/node', '/bin/node', 'node']) {
      expect((await run(one, `${node} --version`)).stdout.trim()).toBe(process.version);
    }
    const bootId = '/proc/sys/kernel/random/boot_id';
    const inside = (await run(one, `cat ${bootId}`)).stdout;
    expect(inside).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(inside).not.toBe(readFileSync(bootId, 'utf8'));
    expect((await run(one, `cat ${bootId}`)).stdout).toBe(inside);
  });

  it('has limits: processes, open files, the size of a file', async () => {
    const bomb = await run(one, 'for i in $(seq 700); do sleep 3 & done; jobs -r | wc -l; wait');
    expect(Number(bomb.stdout)).toBeLessThan(520);
    expect(bomb.stderr).toContain('fork');
    expect((await run(one, 'ulimit -n -f -c | grep -o "[0-9]*$"')).stdout).toBe(
      '4096\n2097152\n0\n',
    );
  });
});

describe('power', () => {
  it('off ends every process at once, also those that hide from their session', async () => {
    const machine = await world.boot('ended');
    const sleeps = [longSleep(), longSleep()];
    for (const command of sleeps) await background(machine, command);
    await withClient(machine, async (client) => {
      const open = await start(client, `echo up; exec ${longSleep()}`);
      await open.saw('up');
      await machine.machine.powerOff();
      expect(await open.ended).toMatchObject({ code: undefined, signal: undefined });
    });
    for (const command of sleeps) expect(await isGone(command)).toBe(true);
    await expect(connect(machine)).rejects.toThrow('ECONNREFUSED');
  });

  it('on again keeps files and empties /tmp and /run; the boot has another id', async () => {
    const machine = await world.boot('again');
    const bootId = 'cat /proc/sys/kernel/random/boot_id';
    const before = (
      await run(machine, `echo kept | tee /root/a /app /tmp/b /run/c >/dev/null; ${bootId}`)
    ).stdout;
    await machine.machine.powerOff();
    await machine.machine.powerOn();
    const { stdout } = await run(machine, `cat /root/a /app; ls /tmp /run; ${bootId}`);
    expect(stdout).toMatch(/^kept\nkept\n\/run:\ninitctl\n\n\/tmp:\n[0-9a-f-]{36}\n$/);
    expect(stdout.endsWith(before)).toBe(false);
  });

  it('is in the hands of programs inside, too', async () => {
    const machine = await world.boot('inner');
    await run(machine, 'echo x > /root/stays; systemctl reboot');
    await until(() => Promise.resolve(guestPower.includes('inner reboot')));
    await until(
      async () => (await run(machine, 'cat /root/stays').catch(() => undefined))?.stdout === 'x\n',
    );
    await run(machine, 'shutdown -h now');
    await until(() => Promise.resolve(guestPower.includes('inner poweroff')));
    await expect(connect(machine)).rejects.toThrow('ECONNREFUSED');
    await machine.machine.powerOn();
    expect((await run(machine, 'echo up')).stdout).toBe('up\n');
  });

  it('on waits for the boot, and off cuts it short', async () => {
    const slow = await openMachineWorld({ bootDelayMs: 1_000_000 });
    const { machine } = await slow.make('slow');
    const booting = machine.powerOn();
    const cut = expect(booting).rejects.toThrow('switched off while it booted');
    await machine.powerOff();
    await cut;
    await slow.close();
  });

  it('takes everything away when the machine is destroyed', async () => {
    const machine = await world.boot('destroyed');
    const command = longSleep();
    await background(machine, command);
    await run(machine, 'mkdir -p /srv/a/b && chmod 000 /srv/a/b /srv/a');
    await machine.machine.destroy();
    expect(await isGone(command)).toBe(true);
    expect(existsSync(join(world.stateDir, 'destroyed'))).toBe(false);
    const anew = await world.boot('destroyed', { ipv4: machine.ipv4 });
    expect((await run(anew, 'ls -A /srv')).stdout).toBe('');
  });

  it('lets fifty machines answer at the same time', async () => {
    const ids = Array.from({ length: LIFE_OF_MANY }, (_unused, index) => `many-${index}`);
    const machines = await Promise.all(ids.map((id) => world.boot(id)));
    for (const machine of machines) {
      expect((await run(machine, 'hostname')).stdout).toBe(`${machine.machine.id}\n`);
    }
    await Promise.all(machines.map(({ machine }) => machine.destroy()));
  });
});

describe('a host of machines', () => {
  it('gives machines their files back when it starts again', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'machines-again-'));
    const first = await openMachineWorld({ stateDir });
    const machine = await first.boot('kept');
    const command = longSleep();
    await background(machine, command);
    await run(machine, 'echo here > /root/file');
    await first.close();
    expect(await isGone(command)).toBe(true);
    const second = await openMachineWorld({ stateDir });
    const same = { ...(await second.boot('kept', { ipv4: machine.ipv4 })), key: machine.key };
    expect((await run(same, 'cat /root/file')).stdout).toBe('here\n');
    await second.close();
    await rm(stateDir, { recursive: true });
  });

  it('takes all programs of its machines with it when it is killed', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'machines-killed-'));
    const login = { ipv4: nextAddress(), key: newSshKey() };
    const args = ['--import', 'tsx', VICTIM, stateDir, login.ipv4, userDataWith(login.key)];
    const victim = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(victim.stdout, 'data');
    const command = longSleep();
    await run(login, `setsid nohup ${command} </dev/null >/dev/null 2>&1 &`);
    await run(
      login,
      `setsid nohup node -e 'require("http").createServer((q, s) => s.end("up")).listen(8092)' >/dev/null 2>&1 &`,
    );
    await until(async () => !(await isGone(command)));
    // Starts the relay, too.
    const get = (): Promise<boolean> =>
      fetch(`http://${login.ipv4}:8092/`).then(
        () => true,
        () => false,
      );
    await until(get);
    const children = childrenOf(victim.pid);
    expect(children.length).toBeGreaterThan(1);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    await until(() => isGone(command));
    await until(() => Promise.resolve(!children.some((pid) => existsSync(`/proc/${pid}`))));
    await until(() => Promise.resolve(processesWith(stateDir).length === 0));
    const after = await openMachineWorld({ stateDir });
    const order = { ipv4: login.ipv4, userData: undefined };
    const again = { ...(await after.boot('victim', order)), key: login.key };
    expect((await run(again, 'echo back')).stdout).toBe('back\n');
    await after.close();
    await rm(stateDir, { recursive: true });
  });

  it('says plainly that it cannot isolate, and why', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'machines-none-'));
    await mkdir(stateDir, { recursive: true });
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await expect(openMachineWorld({ stateDir })).rejects.toThrow(
        'Machines cannot be isolated here: the program bwrap is not installed',
      );
    } finally {
      process.env['PATH'] = path;
      await rm(stateDir, { recursive: true });
    }
  });
});

describe('faults', () => {
  afterEach(() => one.machine.setFaults([]));

  it('drop-ssh cuts connections after their time, also open ones', async () => {
    const client = await connect(one);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    one.machine.setFaults([{ kind: 'drop-ssh', afterMs: 200 }]);
    await closed;
    // Maybe before it was logged in.
    const cut = await run(one, 'sleep 1000').then(({ code }) => code, String);
    expect(cut === undefined || cut === 'Error: read ECONNRESET').toBe(true);
    one.machine.setFaults([]);
    expect((await run(one, 'echo whole')).stdout).toBe('whole\n');
  });

  it('unreachable answers nowhere, and everything runs on', async () => {
    await run(
      one,
      `setsid nohup node -e "require('http').createServer((q, s) => s.end('up')).listen(8090)" >/dev/null 2>&1 &`,
    );
    const get = (): Promise<string> =>
      fetch(`http://${one.ipv4}:8090/`).then(
        (response) => response.text(),
        () => 'nobody',
      );
    await until(async () => (await get()) === 'up');
    one.machine.setFaults([{ kind: 'unreachable' }]);
    await until(async () => (await get()) === 'nobody');
    await until(() =>
      connect(one).then(
        (client) => (client.end(), false),
        () => true,
      ),
    );
    one.machine.setFaults([]);
    await until(async () => (await get()) === 'up');
    expect((await run(one, 'pgrep -f 8090 | wc -l')).stdout.trim()).not.toBe('0');
  });

  it('lossy refuses a share of connections, the same ones for the same seed', async () => {
    const draw = async (): Promise<boolean[]> => {
      one.machine.setFaults([{ kind: 'lossy', share: 0.5, seed: 7 }]);
      const outcomes: boolean[] = [];
      for (let index = 0; index < 12; index += 1) {
        outcomes.push(
          await connect(one).then(
            (client) => (client.end(), true),
            () => false,
          ),
        );
      }
      return outcomes;
    };
    const first = await draw();
    expect(new Set(first).size).toBe(2);
    expect(await draw()).toEqual(first);
    one.machine.setFaults([]);
  });

  it('wrong-host-key answers with another key until it is cleared', async () => {
    const keyNow = async (): Promise<string> => {
      let seen = '';
      const client = await connect(one, {
        hostVerifier: (key: Buffer) => (seen = key.toString('base64')) !== '',
      });
      client.end();
      return seen;
    };
    const right = await keyNow();
    one.machine.setFaults([{ kind: 'wrong-host-key' }]);
    expect(await keyNow()).not.toBe(right);
    one.machine.setFaults([]);
    expect(await keyNow()).toBe(right);
  });

  it('disk-full fails writes of programs and of SFTP, reads go on, and it ends', async () => {
    await run(one, 'echo before > /var/lib/file');
    one.machine.setFaults([{ kind: 'disk-full' }]);
    const writes = [
      'echo x > /var/lib/new',
      'echo x >> /var/lib/file',
      'mkdir /srv/d',
      'echo x > /root/x',
    ];
    for (const command of writes) {
      const { code, stderr } = await run(one, command);
      expect(code).toBe(1);
      expect(stderr).toContain('No space left on device');
    }
    expect((await run(one, 'cat /var/lib/file')).stdout).toBe('before\n');
    await withClient(one, async (client) => {
      const sftp = await openSftp(client);
      const written = new Promise<Error | undefined>((resolve) => {
        sftp.writeFile('/root/y', 'y', (error) => resolve(error ?? undefined));
      });
      expect((await written)?.message).toContain('No space left on device');
    });
    one.machine.setFaults([]);
    expect((await run(one, 'echo after > /var/lib/file && cat /var/lib/file')).stdout).toBe(
      'after\n',
    );
  });

  it('disk-full is there from the start, and after a boot', async () => {
    const machine = await world.boot('full');
    machine.machine.setFaults([{ kind: 'disk-full' }]);
    await machine.machine.powerOff();
    await machine.machine.powerOn();
    expect((await run(machine, 'echo x > /root/x')).stderr).toContain('No space left on device');
  });
});
