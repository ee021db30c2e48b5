import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '@decent-cloud/localnet/clouds/machine-host.port.ts';
import {
  createMachineHost,
  type LocalMachineHost,
} from '@decent-cloud/localnet/clouds/machines/create-machine-host.ts';
import { generateX25519Identity } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobId, RentalId } from '../src/core/ids.ts';
import type { HealthCheck } from '../src/core/job-work.ts';
import { WorkError } from '../src/core/work-error.ts';
import type { MachineRef, Reach, ScriptEnd, ScriptRun } from '../src/ports/machine-work.port.ts';
import { SshMachineWork } from '../src/machine/machine-work.ts';
import { systemClock } from '../src/observe/system-clock.ts';
import { probeMachine, type MachineLook } from '../src/probes/probe-machine.ts';
import { sshKeyPair } from '../src/secrets/openssh-key.ts';
import { RentalSecrets } from '../src/secrets/rental-secrets.ts';
import { SshConnector } from '../src/ssh/ssh-connector.ts';
import { quietLog } from '../src/testing/quiet.fake.ts';

const SSH_PORT = 22_122;
const HTTP_PORT = 8_080;
const secrets = new RentalSecrets(new Uint8Array(32).fill(6));
const renter = sshKeyPair(new Uint8Array(32).fill(7));
const ref: MachineRef = { installation: 'test', rentalId: 7 as RentalId, ipv4: '127.77.0.7' };
const PAGE: HealthCheck = { kind: 'http', port: HTTP_PORT, path: '/', status: 200, contains: 'up' };
const COMMAND: HealthCheck = { kind: 'command', command: 'test -f /root/www/index.html' };

const SERVE = `#!/bin/bash
echo '#dc-step 1/2 Writing the page'
mkdir -p /root/www && echo "up at $DC_HOSTNAME" >/root/www/index.html
echo "#dc-step 2/2 Serving, password $ADMIN_PASSWORD"
cd /root/www && nohup python3 -m http.server ${HTTP_PORT} >/dev/null 2>&1 &
`;
const SLOW = `#!/bin/sh
for i in 1 2 3 4 5 6; do echo "line $i"; sleep 0.5; done
`;
const ENDLESS = `#!/bin/sh
echo begun
sleep 600
`;
const SCRIPTS = [SERVE, SLOW, ENDLESS];

let folder = '';
let host: LocalMachineHost;
let machine: Machine;
let work: SshMachineWork;
let job = 0;
const stop = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dc-simulated-'));
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  host = await createMachineHost({
    stateDir: folder,
    sshPort: SSH_PORT,
    bootDelayMs: 10,
    sandbox: 'auto',
    demoScripts: new Set(SCRIPTS.map(sha256)),
    log: () => undefined,
  });
  work = new SshMachineWork({
    connector: new SshConnector({ tcpMs: 3_000, readyMs: 5_000 }),
    secrets,
    sshPort: SSH_PORT,
    clock: systemClock,
    log: quietLog,
    ageIdentity: await generateX25519Identity(),
    from: 'here',
  });
  machine = await host.prepare({
    id: 'm1',
    ipv4: ref.ipv4,
    hostname: 'dc-test-7',
    userData: work.userData(ref, [`${renter.publicLine} me`]),
    memoryMb: 2_048,
    diskGb: 20,
  });
  await machine.powerOn();
});

afterAll(async () => {
  stop.abort();
  await host.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  machine.setFaults([]);
  job += 1;
});

interface Told {
  log: string;
  readonly steps: string[];
}

async function ran(
  script: string,
  change: Partial<ScriptRun> = {},
  told: Told = { log: '', steps: [] },
): Promise<ScriptEnd> {
  const jobId = job as JobId;
  const visit = await work.enter(ref, jobId, stop.signal);
  const run: ScriptRun = {
    machine: ref,
    jobId,
    part: 'main',
    script,
    secretsOf: {
      version: { recipeId: 1, number: 0, name: 'a', semver: '1.0.0', scriptSha256: '' },
      generatedSecrets: [{ name: 'ADMIN_PASSWORD', length: 20 }],
    },
    health: PAGE,
    inputs: { values: [], secretNames: [] },
    sealedSecrets: undefined,
    logFrom: 0,
    timeLimitMs: 60_000,
    ...change,
  };
  const news = {
    log: (_offset: number, bytes: Uint8Array) => (told.log += Buffer.from(bytes).toString()),
    step: (index: number, of: number, note: string) => told.steps.push(`${index}/${of} ${note}`),
  };
  try {
    const end = await visit.run(run, news, stop.signal);
    await visit.leave(stop.signal);
    return end;
  } finally {
    visit.hangUp();
  }
}

async function rejection(promise: Promise<unknown>): Promise<WorkError> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof WorkError) return error;
  throw new Error('it was not rejected with a WorkError', { cause: error });
}

function looked(health: HealthCheck | undefined): Promise<MachineLook> {
  const hostKey = work.hostKey(ref).line;
  const card = { ipv4: ref.ipv4, sshPort: SSH_PORT, hostKey };
  const door = { connector: new SshConnector(), secrets };
  const deps = { clock: systemClock, from: 'here', timeoutMs: 3_000, addresses: 'any' as const };
  return probeMachine({ ...ref, card, health }, { ...deps, door }, stop.signal);
}

describe('a simulated machine', () => {
  it('is reached, and the renter can log in where the door is', async () => {
    expect(await work.reach(ref, stop.signal)).toEqual({ kind: 'reached' });
    const outcome = await new SshConnector().connect(
      {
        host: ref.ipv4,
        port: SSH_PORT,
        user: 'root',
        privateKey: renter.privateKey,
        hostKey: work.hostKey(ref).line,
      },
      stop.signal,
    );
    if (outcome.kind !== 'connected') throw new Error(outcome.kind);
    const { code } = await outcome.session.exec('test -x /usr/local/sbin/dc-door', {
      timeoutMs: 20_000,
    });
    outcome.session.close();
    expect(code).toBe(0);
  });

  it('runs a recipe whose service answers', async () => {
    const told: Told = { log: '', steps: [] };
    const end = await ran(SERVE, { health: COMMAND }, told);
    expect(end).toEqual({ kind: 'succeeded', logBytes: told.log.length });
    const stars = '*'.repeat(20);
    expect(told.steps).toEqual(['1/2 Writing the page', `2/2 Serving, password ${stars}`]);
    await vi.waitUntil(() => isUp(PAGE), { timeout: 30_000, interval: 100 });
    expect(await work.checkHealth(ref, COMMAND, stop.signal)).toEqual({
      isHealthy: true,
      detail: 'health command from here: exit code 0',
    });
    const { verdict, checks } = await looked(PAGE);
    expect([verdict, checks.map((check) => check.verdict)]).toEqual(['up', ['up', 'up']]);
  });

  async function isUp(check: HealthCheck): Promise<boolean> {
    return (await work.checkHealth(ref, check, stop.signal)).isHealthy;
  }

  it('is gone on with when connections are cut, and nothing is told twice', async () => {
    machine.setFaults([{ kind: 'drop-ssh', afterMs: 1_500 }]);
    const told: Told = { log: '', steps: [] };
    const end = await ran(SLOW, {}, told);
    expect(told.log).toBe([1, 2, 3, 4, 5, 6].map((count) => `line ${count}\n`).join(''));
    expect(end.kind).toBe('succeeded');
  });

  it('never repeats a recipe that was cut off by a reboot', async () => {
    const told: Told = { log: '', steps: [] };
    const running = ran(ENDLESS, {}, told);
    await vi.waitUntil(() => told.log === 'begun\n', { timeout: 30_000, interval: 50 });
    await machine.powerOff();
    await machine.powerOn();
    expect(await running).toMatchObject({ kind: 'failed', logBytes: 6 });
  });

  it('replaces the keys of the renter', async () => {
    const visit = await work.enter(ref, job as JobId, stop.signal);
    await visit.replaceKeys(['ssh-ed25519 AAAA other'], stop.signal);
    await visit.leave(stop.signal);
    const outcome = await new SshConnector().connect(
      {
        host: ref.ipv4,
        port: SSH_PORT,
        user: 'root',
        privateKey: renter.privateKey,
        hostKey: work.hostKey(ref).line,
      },
      stop.signal,
    );
    expect(outcome.kind).toBe('refused');
    expect(await work.reach(ref, stop.signal)).toEqual({ kind: 'reached' });
  });

  it('says so when its disk is full', async () => {
    machine.setFaults([{ kind: 'disk-full' }]);
    const error = await rejection(ran(SLOW));
    expect(error.class).toBe('config');
  });

  it('is down when nothing answers, and told apart from another one', async () => {
    machine.setFaults([{ kind: 'unreachable' }]);
    expect((await work.reach(ref, stop.signal)).kind).toBe('not-yet');
    expect((await looked(undefined)).verdict).toBe('down');
    machine.setFaults([{ kind: 'wrong-host-key' }]);
    await reachedAs('wrong-host-key');
    expect((await rejection(work.enter(ref, job as JobId, stop.signal))).class).toBe('config');
    expect((await looked(undefined)).verdict).toBe('unknown');
    machine.setFaults([]);
    await reachedAs('reached');
    expect((await looked(undefined)).verdict).toBe('up');
  });

  /** What a fault changes is so a moment later. */
  async function reachedAs(kind: Reach['kind']): Promise<void> {
    const isSo = async (): Promise<boolean> => (await work.reach(ref, stop.signal)).kind === kind;
    await vi.waitUntil(isSo, { timeout: 30_000, interval: 100 });
  }
});
