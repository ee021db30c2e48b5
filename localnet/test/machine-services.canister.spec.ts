import { connect as connectTcp, createServer } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, until } from './support/machine-client.ts';
import { type MachineWorld, openMachineWorld, type TestMachine } from './support/machine-world.ts';

const RECIPES = new URL('../../scripts/start/demo/recipes/', import.meta.url);

let world: MachineWorld;
let one: TestMachine;

beforeAll(async () => {
  world = await openMachineWorld();
  one = await world.boot('one');
});

afterAll(() => world.close());

/** Text of a page, or undefined as long as nobody answers. */
async function page(machine: TestMachine, path: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${machine.ipv4}${path}`, {
      headers: { connection: 'close' },
    });
    return await response.text();
  } catch {
    return undefined;
  }
}

/** A unit with a few lines of its own, written and known. */
async function unit(name: string, lines: readonly string[]): Promise<void> {
  const text = ['[Service]', ...lines, '[Install]', 'WantedBy=multi-user.target', ''].join('\n');
  await run(one, `cat > /etc/systemd/system/${name}.service; systemctl daemon-reload`, text);
}

describe('a service of a machine', () => {
  it('answers HTTP at the address of the machine, on the port it listens on', async () => {
    const server = `require('http').createServer((q, s) => s.end('hi from ' + require('os').hostname())).listen`;
    await run(one, `setsid nohup node -e "${server}(8080)" >/dev/null 2>&1 &`);
    await run(one, `setsid nohup node -e "${server}(8081, '127.0.0.1')" >/dev/null 2>&1 &`);
    await run(one, `setsid nohup node -e "${server}(8082, '::1')" >/dev/null 2>&1 &`);
    await run(one, `setsid nohup node -e "${server}(8083, '${one.ipv4}')" >/dev/null 2>&1 &`);
    for (const port of [8080, 8081, 8082, 8083]) {
      await until(async () => (await page(one, `:${port}/`)) === 'hi from one');
    }
    await run(one, 'pkill -f 8080');
    await until(async () => (await page(one, ':8080/')) === undefined);
  });

  it('has its port for itself: another machine has the same', async () => {
    const two = await world.boot('two');
    const serve = (text: string): string =>
      `setsid nohup node -e "require('http').createServer((q, s) => s.end('${text}')).listen(9000)" >/dev/null 2>&1 &`;
    await Promise.all([run(one, serve('one')), run(two, serve('two'))]);
    await until(async () => (await page(one, ':9000/')) === 'one');
    await until(async () => (await page(two, ':9000/')) === 'two');
    await two.machine.destroy();
  });

  it('has connections that end one way at a time', async () => {
    const program = `require('net').createServer({ allowHalfOpen: true }, (s) => {
      let n = 0; s.on('data', (d) => n += d.length); s.on('end', () => s.end('got ' + n));
    }).listen(7000)`;
    await run(
      one,
      `cat > /root/count.js; setsid nohup node /root/count.js >/dev/null 2>&1 &`,
      program,
    );
    await until(async () => (await run(one, 'ss -ltn')).stdout.includes(':7000'));
    let text = '';
    await until(async () => {
      text = '';
      const socket = connectTcp({ host: one.ipv4, port: 7000, allowHalfOpen: true });
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.on('error', () => (text = ''));
      socket.end('x'.repeat(1_000_000));
      await new Promise((resolve) => socket.once('close', resolve));
      return text !== '';
    });
    expect(text).toBe('got 1000000');
  });

  it('cannot take a port of the host, and says so', async () => {
    const taken = createServer().listen(9100, one.ipv4);
    await once(taken, 'listening');
    await run(
      one,
      `setsid nohup node -e "require('net').createServer().listen(9100)" >/dev/null 2>&1 &`,
    );
    const line = `machine one: port 9100 of it cannot be reached at ${one.ipv4}: another program`;
    await until(() => Promise.resolve(world.lines.some((one) => one.startsWith(line))));
    taken.close();
  });
});

describe('systemctl of a machine', () => {
  it('runs the demo recipes as they are', async () => {
    const machine = await world.boot('demo');
    for (const [name, port] of [
      ['static-site', 8_000],
      ['guest-book', 8_001],
    ] as const) {
      const script = await readFile(new URL(`${name}.sh`, RECIPES), 'utf8');
      const env = `TITLE='My "own" $5 page' PORT=${port} ADMIN_PASSWORD=secret`;
      const ran = await run(machine, `${env} bash -s`, script);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toContain('Created symlink');
      await until(async () => (await page(machine, `:${port}/`)) !== undefined);
      expect(await page(machine, `:${port}/`)).toContain('<h1>My &#34;own&#34; $5 page</h1>');
    }
    await machine.machine.powerOff();
    expect(await page(machine, ':8000/')).toBeUndefined();
    await machine.machine.powerOn();
    await until(async () => (await page(machine, ':8001/healthz')) === 'ok\n');
    await machine.machine.destroy();
  });

  it('gives a service its environment, its folder and its words', async () => {
    await run(one, 'cat > /etc/app.env', 'FROM_FILE="a \\"quoted\\" $5"\n# no\nPLAIN=two words\n');
    await unit('words', [
      'Type=oneshot',
      'Environment="GREETING=good day" NAME=x%n PRICE=$$5',
      'EnvironmentFile=/etc/app.env',
      'EnvironmentFile=-/etc/missing.env',
      'WorkingDirectory=/srv',
      `ExecStart=/usr/bin/node -e 'console.log(JSON.stringify([process.cwd(), process.argv.slice(1), process.env.FROM_FILE, process.env.GREETING]))' "one two" $PLAIN \${PLAIN} $$HOME`,
    ]);
    expect((await run(one, 'systemctl start words')).code).toBe(0);
    const { stdout } = await run(one, 'journalctl -u words --no-pager');
    const line = stdout.split('\n').find((text) => text.startsWith('['));
    expect(JSON.parse(line ?? '')).toEqual([
      '/srv',
      ['one two', 'two', 'words', 'two words', '$HOME'],
      'a "quoted" $5',
      'good day',
    ]);
  });

  it('starts again what dies, and gives up on what dies at once, again and again', async () => {
    await unit('phoenix', [
      'Restart=always',
      'RestartSec=50ms',
      'ExecStart=/bin/sh -c "echo life >> /root/lives; exec sleep 1000"',
    ]);
    await run(one, 'systemctl enable --now phoenix');
    await run(one, 'pkill -f "sleep 1000"');
    await until(async () => (await run(one, 'wc -l < /root/lives')).stdout.trim() === '2');
    expect(await run(one, 'systemctl is-active phoenix')).toMatchObject({
      code: 0,
      stdout: 'active\n',
    });
    expect((await run(one, 'systemctl stop phoenix; pgrep -f "sleep 1000"')).stdout).toBe('');
    expect(await run(one, 'systemctl is-active phoenix')).toMatchObject({
      code: 3,
      stdout: 'inactive\n',
    });
    await unit('hopeless', ['Restart=on-failure', 'RestartSec=10ms', 'ExecStart=/bin/false']);
    await run(one, 'systemctl start hopeless');
    await until(async () => (await run(one, 'systemctl is-active hopeless')).stdout === 'failed\n');
    const log = await run(one, 'systemctl status hopeless; journalctl -u hopeless');
    expect(log.stdout).toContain('Start request repeated too quickly');
  });

  it('tells what it cannot start', async () => {
    expect(await run(one, 'systemctl start nothing')).toMatchObject({ code: 5 });
    await unit('missing', ['Type=oneshot', 'ExecStart=/usr/bin/no-such-program']);
    const ran = await run(one, 'systemctl start missing');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('Job for missing.service failed');
    expect(await run(one, 'systemctl is-enabled missing')).toMatchObject({
      code: 1,
      stdout: 'disabled\n',
    });
    expect(await run(one, 'systemctl enable some.timer')).toMatchObject({ code: 5 });
    expect(await run(one, 'systemctl is-active ssh && systemctl reload ssh')).toMatchObject({
      code: 0,
    });
  });

  it('stops a service by its own signal handler and in its own time', async () => {
    await unit('polite', [
      `ExecStart=/usr/bin/bash -c 'trap "echo bye > /root/bye; exit 0" TERM; echo up > /root/up; while :; do sleep 0.05; done'`,
    ]);
    await run(one, 'systemctl start polite; until [ -e /root/up ]; do sleep 0.05; done');
    await run(one, 'systemctl stop polite');
    expect((await run(one, 'cat /root/bye')).stdout).toBe('bye\n');
  });
});

describe('other programs of a machine', () => {
  it('say what is simulated', async () => {
    const installed = await run(one, 'apt-get update -q && apt-get install -y nodejs coreutils');
    expect(installed.code).toBe(0);
    expect(installed.stdout).toContain('Setting up nodejs (simulated');
    const missing = await run(
      one,
      'DEBIAN_FRONTEND=noninteractive apt install -y nodejs postgresql-16',
    );
    expect(missing.code).toBe(100);
    expect(missing.stderr).toContain('E: Unable to locate package postgresql-16');
    const docker = await run(one, 'docker ps');
    expect(docker.code).toBe(1);
    expect(docker.stderr).toContain('no Docker');
    expect((await run(one, 'command -v systemd-run')).code).toBe(1);
  });

  it('take owners and users, as far as one user goes', async () => {
    const script = `set -e
      adduser --disabled-password --gecos "" deploy; id -u >/dev/null; mkdir /srv/app
      chown -R deploy:www-data /srv/app; install -d -o root -m 750 /srv/app/x; sudo -u deploy touch /srv/app/y
      logger -t recipe done; ufw allow 80/tcp; hostnamectl set-hostname renamed; cat /etc/hostname`;
    const taken = await run(one, script);
    expect(taken.code).toBe(0);
    expect(taken.stdout).toMatch(/renamed\n$/);
    expect((await run(one, 'chown nobody-knows /srv/app')).stderr).toContain('invalid user');
    expect((await run(one, 'journalctl -n 1')).stdout).toContain('recipe: done');
  });

  it('run the commands of cloud-init once, at the first boot', async () => {
    const runcmd = `write_files:
  - path: /opt/hello
    permissions: '0755'
    encoding: b64
    content: ${Buffer.from('#!/bin/sh\necho hello "$@" >> /root/said\n').toString('base64')}
runcmd:
  - [/opt/hello, "two words"]
  - sleep 0.2; /opt/hello again
`;
    const made = await world.make('cloudy');
    const userData = `#cloud-config\nssh_authorized_keys: ['${made.key.publicLine}']\n${runcmd}`;
    await made.machine.destroy();
    const cloudy = { ...(await world.boot('cloudy', { userData })), key: made.key };
    expect(await run(cloudy, 'cloud-init status --wait')).toMatchObject({
      code: 0,
      stdout: 'status: done\n',
    });
    await cloudy.machine.powerOff();
    await cloudy.machine.powerOn();
    await run(cloudy, 'cloud-init status --wait');
    expect((await run(cloudy, 'cat /root/said')).stdout).toBe('hello two words\nhello again\n');
  });
});
