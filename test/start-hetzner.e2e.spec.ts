import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startHetznerCloud,
  type HetznerCloud,
} from '@decent-cloud/localnet/clouds/hetzner/start-hetzner-cloud.ts';
import type { MachineHost } from '@decent-cloud/localnet/clouds/machine-host.port.ts';
import { createMachineHost } from '@decent-cloud/localnet/clouds/machines/create-machine-host.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartProcess } from './support/start-process.ts';

/** As Hetzner makes them. */
const TOKEN = 'aZ3'.repeat(21) + 'x';
const SSH_PORT = 2_223;

let folder: string;
let machines: MachineHost;
let cloud: HetznerCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'start-hetzner-'));
  machines = await createMachineHost({
    stateDir: join(folder, 'machines'),
    sshPort: SSH_PORT,
    bootDelayMs: 0,
    sandbox: 'auto',
    demoScripts: new Set(),
    log: () => undefined,
  });
  cloud = await startHetznerCloud({
    projects: [{ name: 'mine', tokens: [TOKEN] }],
    machines,
    timeFactor: 0,
    addressPrefix: '127.21',
  });
});

afterAll(async () => {
  await cloud.close();
  await machines.close();
  rmSync(folder, { recursive: true });
});

describe('npm start -- --cloud hetzner', () => {
  it('rents at the account of HCLOUD_TOKEN, and leaves no server behind with --once', async () => {
    const started = new StartProcess({
      args: ['--once', '--port', '0', '--state-dir', join(folder, 'state'), '--cloud', 'hetzner'],
      env: {
        HCLOUD_TOKEN: TOKEN,
        HCLOUD_ENDPOINT: cloud.endpoint,
        BRIDGE_SSH_PORT: SSH_PORT.toString(),
      },
    });
    expect(await started.exitCode(), started.output).toBe(0);
    expect(started.output).toContain('Service:    http://127.21.');
    expect(started.output).toContain('Ended:      cancelled, the server is deleted');
    expect(cloud.servers()).toEqual([]);
    expect(cloud.history()).toHaveLength(1);
    expect(started.output).not.toContain(TOKEN);
  });
});
