import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { CLOUDS_USAGE, DEFAULT_CLOUDS_TOKEN, parseCloudsArgs } from '../src/cli/clouds-args.ts';
import { UsageError } from '../src/cli/usage-error.ts';

const PROGRAM = join(import.meta.dirname, '../bin/localnet.mjs');

const running: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'clouds', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  running.push(child);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (seen += part));
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, exit, seen: () => seen };
}

describe('localnet clouds', () => {
  it('has defaults for everything', () => {
    expect(parseCloudsArgs([])).toEqual({
      port: 4_944,
      sshPort: 2_222,
      token: DEFAULT_CLOUDS_TOKEN,
      timeFactor: 1,
      hasMachines: true,
      stateDir: '.localnet',
    });
    expect(parseCloudsArgs(['--help'])).toBeUndefined();
    expect(CLOUDS_USAGE).toContain('--time-factor');
  });

  it.each([
    [['--port', '65536']],
    [['--ssh-port', 'x']],
    [['--token', 'a b']],
    [['--time-factor', '-1']],
    [['--time-factor', 'fast']],
    [['--state-dir', '']],
    [['--nonsense']],
    [['more']],
  ])('refuses %j', (args) => {
    expect(() => parseCloudsArgs(args)).toThrow(UsageError);
  });

  it('serves until it is told to stop, and has its servers again afterwards', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'cli-clouds-'));
    folders.push(stateDir);
    const args = [
      '--port',
      '0',
      '--without-machines',
      '--state-dir',
      stateDir,
      '--token',
      'secret',
    ];
    const headers = { authorization: 'Bearer secret' };
    const body = { name: 'web', server_type: 'cx23', image: 'debian-13' };
    const served = async (): Promise<ReturnType<typeof start> & { url: string }> => {
      const process = start(args);
      const url = () => /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(process.seen())?.[0];
      await expect.poll(url, { timeout: 60_000 }).toBeDefined();
      return { ...process, url: url() ?? '' };
    };
    const first = await served();
    const made = await fetch(`${first.url}/servers`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(made.status).toBe(201);
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    const second = await served();
    const listed = await fetch(`${second.url}/servers`, { headers });
    expect(await listed.json()).toMatchObject({ servers: [{ name: 'web' }] });
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
  });

  it('says what is wrong with its options', async () => {
    const { child, exit } = start(['--port', 'x']);
    expect(await text(child.stderr)).toContain('--port must be a whole number');
    expect(await exit).toBe(1);
  });
});
