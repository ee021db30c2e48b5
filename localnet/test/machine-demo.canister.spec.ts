import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoHash, sha256Hex } from '../src/clouds/machines/demo/demo-hash.ts';
import { endMarked } from '../src/clouds/machines/demo/demo-processes.ts';
import {
  openSftp,
  run,
  type Login,
  startShell,
  until,
  withClient,
} from './support/machine-client.ts';
import {
  type MachineWorld,
  openMachineWorld,
  type TestMachine,
  userDataWith,
} from './support/machine-world.ts';

const RECIPE = new URL('../../scripts/start/demo/recipes/static-site.sh', import.meta.url);
const PORT = 18_080;

/** Runs a recipe as a bridge does: from a folder of its own, with its values beside it. */
const WRAPPER = `#!/bin/sh
cd "$(dirname "$0")" || exit 74
set -a
. ./inputs
set +a
timeout 60 ./script >log 2>&1
echo $? >exit-code
`;
const DOOR = `#!/bin/sh
echo "door: $SSH_ORIGINAL_COMMAND" >> /root/door.log
cat /root/door.log
`;

function startOf(job: number): string {
  return `setsid nohup /bin/sh /var/lib/dc/run-${job}/run.sh </dev/null >/dev/null 2>&1 &\n`;
}

let world: MachineWorld;
let recipe: string;
const rebooted: string[] = [];
let one: TestMachine;

beforeAll(async () => {
  recipe = await readFile(RECIPE, 'utf8');
  const known = [
    recipe,
    WRAPPER,
    DOOR,
    'cat /root/door.log\n',
    'systemctl is-active site',
    'reboot',
  ];
  world = await openMachineWorld({
    sandbox: 'demo-only',
    onGuestPower: (id) => rebooted.push(id),
    demoScripts: new Set([
      ...known.map(sha256Hex),
      demoHash(startOf(7)),
      demoHash('mkdir -p /var/lib/dc/run-7\n'),
    ]),
  });
  one = await world.boot('one');
});

afterAll(() => world.close());

async function upload(login: Login, path: string, text: string, mode: number): Promise<void> {
  await withClient(login, async (client) => {
    const sftp = await openSftp(client);
    await new Promise<void>((resolve, reject) => {
      sftp.writeFile(path, text, { mode }, (error) => (error ? reject(error) : resolve()));
    });
  });
}

async function remove(login: Login, path: string): Promise<void> {
  await withClient(login, async (client) => {
    const sftp = await openSftp(client);
    await new Promise<void>((resolve, reject) => {
      sftp.unlink(path, (error) => (error ? reject(error) : resolve()));
    });
  });
}

async function page(machine: TestMachine): Promise<string> {
  try {
    return await (await fetch(`http://${machine.ipv4}:${PORT}/`)).text();
  } catch {
    return 'nobody';
  }
}

async function runRecipe(machine: TestMachine, job: number, title: string): Promise<void> {
  const folder = `/var/lib/dc/run-${job}`;
  expect((await run(machine, '/bin/sh -s', `mkdir -p ${folder}\n`)).code).toBe(0);
  await upload(machine, `${folder}/script`, recipe, 0o700);
  await upload(machine, `${folder}/inputs`, `TITLE='${title}'\nPORT='${PORT}'\n`, 0o600);
  await upload(machine, `${folder}/run.sh`, WRAPPER, 0o700);
  expect(await run(machine, '/bin/sh -s', startOf(job))).toMatchObject({ code: 0, stderr: '' });
}

describe('a machine without isolation', () => {
  it('refuses whatever is not built in, and says so', async () => {
    for (const command of [
      'id',
      'touch /tmp/x; true',
      '/bin/ls',
      'bash -c id',
      'cat /etc/passwd',
    ]) {
      const ran = await run(one, command);
      expect(ran.code).toBe(126);
      expect(ran.stderr).toContain('is not one of the built-in demo scripts');
    }
    expect((await run(one, '/bin/sh -s', 'id\n')).code).toBe(126);
    expect((await run(one, 'bash', `${recipe}\nid\n`)).code).toBe(126);
    await withClient(one, async (client) => {
      expect(await (await startShell(client)).ended).toMatchObject({ code: 126 });
    });
  });

  it('runs a built-in program as a forced command, in its own folder', async () => {
    const files = `write_files:\n  - path: /usr/local/sbin/door\n    permissions: '0755'\n    content: ${JSON.stringify(DOOR)}\n`;
    const made = await world.make('door');
    await made.machine.destroy();
    const userData = userDataWith(made.key, files).replace(
      '  - ssh-',
      '  - restrict,command="/usr/local/sbin/door" ssh-',
    );
    const door = { ...(await world.boot('door', { userData })), key: made.key };
    expect(await run(door, 'open')).toMatchObject({ code: 0, stdout: 'door: open\n' });
    expect(existsSync('/root/door.log')).toBe(false);
    expect(existsSync(join(world.stateDir, 'door/fs/root/door.log'))).toBe(true);
  });

  it('runs a demo recipe with its service at the address of the machine, beside another', async () => {
    const two = await world.boot('two');
    await runRecipe(one, 7, 'First');
    await runRecipe(two, 41, 'Second');
    await until(async () => (await page(one)).includes('<h1>First</h1>'));
    await until(async () => (await page(two)).includes('<h1>Second</h1>'));
    expect(await run(one, 'systemctl is-active site')).toMatchObject({
      code: 0,
      stdout: 'active\n',
    });
    expect(existsSync('/opt/site')).toBe(false);
    expect(existsSync('/etc/systemd/system/site.service')).toBe(false);
    await two.machine.powerOff();
    expect(await page(two)).toBe('nobody');
    expect(await page(one)).toContain('First');
    await two.machine.powerOn();
    await until(async () => (await page(two)).includes('Second'));
    await two.machine.destroy();
  });

  it('refuses everything while there is a strange program or a file of values that is none', async () => {
    const made = await world.boot('strange');
    await run(made, '/bin/sh -s', 'mkdir -p /var/lib/dc/run-3\n');
    for (const [path, text, mode] of [
      ['/var/lib/dc/run-3/script', '#!/bin/sh\nid\n', 0o700],
      ['/var/lib/dc/run-3/inputs', "A='1'\ntouch /tmp/x\n", 0o600],
      ['/var/lib/dc/run-3/inputs', 'A=$(id)\n', 0o600],
    ] as const) {
      await upload(made, path, text, mode);
      const refused = await run(made, 'systemctl is-active site');
      expect(refused).toMatchObject({ code: 126, stdout: '' });
      expect(refused.stderr).toContain(`${path} is not one of the built-in`);
      await remove(made, path);
    }
    expect((await run(made, 'systemctl is-active site')).code).toBe(3);
  });

  it('boots again from inside', async () => {
    const made = await world.boot('again');
    await run(made, 'reboot');
    await until(() => Promise.resolve(rebooted.includes('again')));
    await until(() =>
      run(made, 'systemctl is-active site').then(
        ({ code }) => code === 3,
        () => false,
      ),
    );
  });

  it('leaves nothing running', async () => {
    await world.host.close();
    expect(await page(one)).toBe('nobody');
    await expect(endMarked(world.stateDir)).resolves.toBeUndefined();
  });
});
