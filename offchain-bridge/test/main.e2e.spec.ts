import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const BRIDGE = fileURLToPath(new URL('../bin/offchain-bridge.mjs', import.meta.url));
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

let folder: string;
let keys: string;
const started = new Set<ChildProcessWithoutNullStreams>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-e2e-'));
  keys = join(folder, 'keys');
  expect((await ended(bridge(['init', '--dir', keys]))).code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

function bridge(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [BRIDGE, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  started.add(child);
  return child;
}

function running(port = '0') {
  return bridge(['run', '--dir', keys], {
    BRIDGE_PORT: port,
    BRIDGE_RENTAL_CANISTER: 'uxrrr-q7777-77774-qaaaq-cai',
    BRIDGE_NETWORK_URL: NOWHERE,
    BRIDGE_ROOT_KEY: '00',
  });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

async function urlOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line.replace('bridge: ', '');
}

describe('offchain-bridge init', () => {
  it('makes keys for their owner alone, once', async () => {
    for (const file of ['identity.pem', 'age.key', 'seed']) {
      expect(statSync(join(keys, file)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(keys).mode & 0o777).toBe(0o700);
    const again = await ended(bridge(['init', '--dir', keys]));
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('they stay');
  });

  it('prints what a seller needs', async () => {
    const { stdout } = await ended(bridge(['init', '--dir', join(folder, 'more')]));
    expect(stdout).toMatch(/Principal: +[a-z0-9-]{63}\n/);
    expect(stdout).toMatch(/Age recipient: age1[a-z0-9]{58}\n/);
  });
});

describe('offchain-bridge run', () => {
  it('says where it listens, what it lacks, and ends on SIGTERM', async () => {
    const child = running();
    const url = await urlOf(child);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(JSON.stringify(await ready.json())).toContain('has not answered yet');
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('bridge_jobs_in_hand 0');
    expect(await (await fetch(`${url}/status`)).json()).toMatchObject({
      jobs: [],
      isDraining: false,
    });

    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('ends with a clear message when its port is taken', async () => {
    const url = new URL(await urlOf(running()));
    const second = await ended(running(url.port));
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('cannot be served');
  });

  it('names what is wrong with its configuration', async () => {
    const child = bridge(['run'], { BRIDGE_PORT: 'x' });
    const { code, stderr } = await ended(child);
    expect(code).toBe(2);
    expect(stderr).toContain('port');
    expect(stderr).toContain('rental_canister');
  });

  it('says that it has no keys, and how to make them', async () => {
    const child = bridge(['run', '--dir', join(folder, 'none')], {
      BRIDGE_RENTAL_CANISTER: 'uxrrr-q7777-77774-qaaaq-cai',
    });
    const { code, stderr } = await ended(child);
    expect(code).toBe(1);
    expect(stderr).toContain('offchain-bridge init');
  });
});

describe('offchain-bridge doctor', () => {
  it('says that the network does not answer, and where to look', async () => {
    const child = bridge(['doctor', '--dir', keys], {
      BRIDGE_RENTAL_CANISTER: 'uxrrr-q7777-77774-qaaaq-cai',
      BRIDGE_NETWORK_URL: NOWHERE,
      BRIDGE_ROOT_KEY: '00',
    });
    const { code, stdout } = await ended(child);
    expect(code).toBe(1);
    expect(stdout).toContain('✔ keys');
    expect(stdout).toContain('→ look at network_url');
  });
});
