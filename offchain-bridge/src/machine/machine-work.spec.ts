import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { JobId, RentalId } from '../core/ids.ts';
import type { HealthCheck, RecipeWork } from '../core/job-work.ts';
import { WorkError } from '../core/work-error.ts';
import type {
  MachineRef,
  MachineVisit,
  ScriptEnd,
  ScriptPart,
  ScriptRun,
} from '../ports/machine-work.port.ts';
import type { Clock } from '../ports/clock.port.ts';
import { sshKeyPair } from '../secrets/openssh-key.ts';
import { RentalSecrets } from '../secrets/rental-secrets.ts';
import { SshConnector } from '../ssh/ssh-connector.ts';
import { quietLog } from '../testing/quiet.fake.ts';
import { processesOf } from '../testing/shell.fake.ts';
import { SshHost } from '../testing/ssh-host.fake.ts';
import { SshMachineWork } from './machine-work.ts';

const DOOR = '/usr/local/sbin/dc-door';
const JOB = 12 as JobId;
const TRY_MS = 20;
const secrets = new RentalSecrets(new Uint8Array(32).fill(9));
const machine: MachineRef = {
  installation: 'main',
  rentalId: 7 as RentalId,
  ipv4: '127.0.0.1',
};
const TCP: HealthCheck = { kind: 'tcp', port: 1 };
const RECIPE: Pick<RecipeWork, 'version' | 'generatedSecrets'> = {
  version: { recipeId: 3, number: 0, name: 'app', semver: '1.0.0', scriptSha256: '' },
  generatedSecrets: [{ name: 'ADMIN_PASSWORD', length: 24 }],
};
const PASSWORD = secrets.generatedSecret(machine, {
  recipeId: 3,
  name: 'ADMIN_PASSWORD',
  length: 24,
});

let home = '';
let host: SshHost;
let port = 0;
let stop: AbortController;
let ageIdentity = '';
let work: SshMachineWork;
/** Added to the monotonic clock. */
let aheadMs = 0;

/** Real time, but nobody waits for long. */
const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now() + aheadMs,
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      const wake = (): void =>
        signal?.aborted === true ? reject(signal.reason as Error) : resolve();
      setTimeout(wake, Math.min(durationMs, TRY_MS));
    }),
};

beforeAll(async () => {
  ageIdentity = await generateX25519Identity();
});

beforeEach(async () => {
  aheadMs = 0;
  home = mkdtempSync(join(tmpdir(), 'dc-machine-'));
  stop = new AbortController();
  host = new SshHost({
    hostKeys: [secrets.hostKey(machine).privateKey],
    home,
    moved: new Map([[DOOR, join(home, 'door')]]),
  });
  port = await host.listen();
  work = machines();
  bootWith(work.userData(machine, ['ssh-ed25519 AAAB me']));
});

afterEach(async () => {
  stop.abort();
  await host.close();
  rmSync(home, { recursive: true });
});

function machines(): SshMachineWork {
  return new SshMachineWork({
    connector: new SshConnector({ tcpMs: 2_000, readyMs: 5_000 }),
    secrets,
    sshPort: port,
    clock,
    log: quietLog,
    ageIdentity,
    from: 'here',
    folder: join(home, 'dc'),
  });
}

/** Does what cloud-init does, in the home of this test. */
function bootWith(userData: string): void {
  const config = parse(userData) as {
    users: [{ ssh_authorized_keys: string[] }];
    write_files: [{ content: string }];
  };
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(keysFile(), `${config.users[0].ssh_authorized_keys.join('\n')}\n`);
  const door = config.write_files[0].content.replace('/var/lib/dc', join(home, 'dc'));
  writeFileSync(join(home, 'door'), door, { mode: 0o755 });
}

const keysFile = (): string => join(home, '.ssh', 'authorized_keys');
const keys = (): string => readFileSync(keysFile(), 'utf8');
const inRun = (name: string, part = '12'): string => join(home, 'dc', `run-${part}`, name);
const enter = (): Promise<MachineVisit> => work.enter(machine, JOB, stop.signal);

async function sealed(text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(ageIdentity));
  return encrypter.encrypt(text);
}

/** What was told of a run. */
class Told {
  readonly steps: string[] = [];
  log: Buffer;

  constructor(before: Buffer = Buffer.alloc(0)) {
    this.log = before;
  }

  get news() {
    return {
      log: (offset: number, bytes: Uint8Array) => {
        expect([offset, bytes.length <= 16_384]).toEqual([this.log.length, true]);
        this.log = Buffer.concat([this.log, bytes]);
      },
      step: (index: number, of: number, note: string) => {
        this.steps.push(`${index}/${of} ${note}`);
      },
    };
  }

  get text(): string {
    return this.log.toString();
  }
}

function runOf(script: string, change: Partial<ScriptRun> = {}): ScriptRun {
  return {
    machine,
    jobId: JOB,
    part: 'main',
    script,
    secretsOf: RECIPE,
    health: TCP,
    inputs: { values: [], secretNames: [] },
    sealedSecrets: undefined,
    logFrom: 0,
    timeLimitMs: 60_000,
    ...change,
  };
}

function ran(visit: MachineVisit, script: ScriptRun, told = new Told()): Promise<ScriptEnd> {
  return visit.run(script, told.news, stop.signal);
}

function reasonOf(end: ScriptEnd): string {
  return end.kind === 'failed' ? end.reason : '';
}

async function rejection(promise: Promise<unknown>): Promise<WorkError> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof WorkError) return error;
  throw new Error('it was not rejected with a WorkError', { cause: error });
}

describe('the door', () => {
  it('is reached once the machine is set up', async () => {
    expect(await work.reach(machine, stop.signal)).toEqual({ kind: 'reached' });
    rmSync(join(home, 'door'));
    expect((await work.reach(machine, stop.signal)).kind).toBe('not-yet');
  });

  it('is not reached where nobody answers, or hangs up', async () => {
    host.fault = { kind: 'signalled' };
    expect((await work.reach(machine, stop.signal)).kind).toBe('not-yet');
    await host.close();
    expect(await work.reach(machine, stop.signal)).toEqual({
      kind: 'not-yet',
      reason: 'nobody listens there',
    });
    host = new SshHost({ hostKeys: [secrets.hostKey(machine).privateKey], home });
  });

  it('lets the key of a job in until the visit is over', async () => {
    const visit = await enter();
    expect(keys()).toMatch(/\nrestrict,expiry-time="\d{14}" ssh-ed25519 \S+ dc-job\n$/);
    await visit.leave(stop.signal);
    expect(keys()).not.toContain('dc-job');
    expect(keys().split('\n')).toHaveLength(3);
  });

  it('is shut from outside when the login is gone', async () => {
    for (const cut of [(visit: MachineVisit) => visit.hangUp(), () => host.cut()]) {
      const visit = await enter();
      cut(visit);
      await visit.leave(stop.signal);
      expect(keys()).not.toContain('dc-job');
    }
  });

  it('is left alone when the machine does not answer any more', async () => {
    const visit = await enter();
    await host.close();
    await visit.leave(stop.signal);
    expect(keys()).toContain('dc-job');
    host = new SshHost({ hostKeys: [secrets.hostKey(machine).privateKey], home });
  });

  it('says so when the renter took it out, and how to put it back', async () => {
    const line = keys().split('\n')[1] ?? '';
    writeFileSync(keysFile(), 'ssh-ed25519 AAAB me\n');
    const error = await rejection(enter());
    expect(error.class).toBe('config');
    expect(error.message).toContain('taken out of /root/.ssh/authorized_keys');
    expect(line.startsWith(error.message.split('begins with ')[1] ?? '?')).toBe(true);
    expect(await work.reach(machine, stop.signal)).toEqual({ kind: 'refused' });
  });

  it('does nothing at another machine', async () => {
    await host.close();
    const strange = sshKeyPair(new Uint8Array(32).fill(8));
    host = new SshHost({ hostKeys: [strange.privateKey], home });
    await host.listen(port);
    const error = await rejection(enter());
    expect(error.class).toBe('config');
    expect(error.message).toContain(
      `its host key is ${strange.fingerprint}, not ${work.hostKey(machine).fingerprint}`,
    );
    expect(host.commands).toEqual([]);
  });

  it('is transient when nobody answers', async () => {
    await host.close();
    expect((await rejection(enter())).class).toBe('transient');
    host = new SshHost({ hostKeys: [secrets.hostKey(machine).privateKey], home });
  });

  it('replaces the keys of the renter', async () => {
    const visit = await enter();
    await visit.replaceKeys(['ssh-ed25519 AAAC new'], stop.signal);
    await visit.leave(stop.signal);
    expect(keys()).not.toContain('AAAB');
    expect(keys()).toContain('\nssh-ed25519 AAAC new dc-renter\n');
    expect(await work.reach(machine, stop.signal)).toEqual({ kind: 'reached' });
  });
});

describe('a recipe', () => {
  it('is told its inputs and secrets, and says how it goes without them', async () => {
    const visit = await enter();
    const told = new Told();
    const script = [
      '#!/bin/bash',
      "echo '#dc-step 1/2 Setting up'",
      'echo "$DC_HOSTNAME $DC_IP $SITE $TOKEN"',
      'echo "#dc-step 2/2 With $ADMIN_PASSWORD"',
      'printf "%s" "$ADMIN_PASSWORD" | sha256sum',
    ].join('\n');
    const inputs = { values: [{ name: 'SITE', value: "it's" }], secretNames: ['TOKEN'] };
    const sealedSecrets = await sealed('{"TOKEN":"hunter2 €"}');
    const end = await ran(visit, runOf(script, { inputs, sealedSecrets }), told);
    const hash = createHash('sha256').update(PASSWORD).digest('hex');
    const stars = '*'.repeat(24);
    expect(told.text).toBe(
      `#dc-step 1/2 Setting up\ndc-main-7 127.0.0.1 it's ***********\n` +
        `#dc-step 2/2 With ${stars}\n${hash}  -\n`,
    );
    expect(told.steps).toEqual(['1/2 Setting up', `2/2 With ${stars}`]);
    expect(end).toEqual({ kind: 'succeeded', logBytes: told.log.length });
    expect(existsSync(inRun('inputs'))).toBe(false);
    const files = execFileSync('grep', ['-rlF', PASSWORD, join(home, 'dc')], { encoding: 'utf8' });
    expect(files.trim()).toBe(inRun('log'));
  });

  it('fails with its exit code and its last lines', async () => {
    const told = new Told();
    const end = await ran(await enter(), runOf('echo one; echo "$ADMIN_PASSWORD"; exit 3'), told);
    expect(end).toEqual({
      kind: 'failed',
      reason: `The recipe failed (exit 3). Its last lines: one | ${'*'.repeat(24)}`,
      logBytes: told.log.length,
    });
  });

  it('is run once, by whomever and however often it is asked for', async () => {
    const script = runOf(`echo run >> ${home}/count; echo '#dc-step 1/1 a'; exit 3`);
    const visit = await enter();
    expect(await visit.wasStarted('main')).toBe(false);
    const first = new Told();
    const end = await ran(visit, script, first);
    const second = new Told(first.log.subarray(0, 4));
    expect(await ran(await enter(), { ...script, logFrom: 4 }, second)).toEqual(end);
    const third = new Told(first.log);
    await ran(await enter(), { ...script, logFrom: first.log.length }, third);
    expect([second.text, second.steps]).toEqual([first.text, ['1/1 a']]);
    expect([third.text, third.steps]).toEqual([first.text, []]);
    expect(readFileSync(join(home, 'count'), 'utf8')).toBe('run\n');
    expect(await visit.wasStarted('main')).toBe(true);
    expect(await visit.wasStarted('rollback')).toBe(false);
  });

  it('has a run of its own for going back', async () => {
    const visit = await enter();
    await ran(visit, runOf('exit 1'));
    const part: ScriptPart = 'rollback';
    expect((await ran(visit, runOf('exit 0', { part }))).kind).toBe('succeeded');
    expect(existsSync(inRun('exit-code', '12-rollback'))).toBe(true);
    expect(await visit.wasStarted('rollback')).toBe(true);
  });

  it('is gone on with when the connection is cut, and each byte is told once', async () => {
    const told = new Told();
    const script = `for i in 1 2 3 4 5 6; do echo "line $i"; until [ -f ${home}/go$i ]; do sleep 0.05; done; done`;
    const running = ran(await enter(), runOf(script), told);
    for (const index of [1, 2, 3, 4, 5, 6]) {
      await vi.waitUntil(() => told.text.includes(`line ${index}\n`), { timeout: 30_000 });
      host.cut();
      writeFileSync(join(home, `go${index}`), '');
    }
    expect((await running).kind).toBe('succeeded');
    expect(told.text).toBe('line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n');
    expect(host.logins).toBeGreaterThanOrEqual(6);
  });

  it('is gone on with by another bridge when the first one stops in the middle', async () => {
    const told = new Told();
    const script = runOf(
      `echo '#dc-step 1/2 a'; until [ -f ${home}/go ]; do sleep 0.05; done; echo '#dc-step 2/2 b'`,
    );
    const first = new AbortController();
    const visit = await work.enter(machine, JOB, first.signal);
    const why = new Error('the lease is lost');
    const running = visit.run(script, told.news, first.signal).catch((error: unknown) => error);
    await vi.waitUntil(() => told.text.includes('1/2'), { timeout: 30_000 });
    first.abort(why);
    expect(await running).toBe(why);
    writeFileSync(join(home, 'go'), '');
    const end = await ran(await enter(), { ...script, logFrom: told.log.length }, told);
    expect([end.kind, told.steps]).toEqual(['succeeded', ['1/2 a', '2/2 b']]);
  });

  it('tells the first and the last of ten megabytes, and the last step', async () => {
    const told = new Told();
    const script = `echo '#dc-step 1/2 a'; yes 0123456789abcde | head -c 10485760; echo '#dc-step 2/2 b'`;
    const end = await ran(await enter(), runOf(script), told);
    const log = readFileSync(inRun('log'));
    const skipped = log.length - 262_144 - 32_768;
    const whole = Buffer.concat([
      log.subarray(0, 262_144),
      Buffer.from(`\n[… ${skipped} bytes left out …]\n`),
      log.subarray(-32_768),
    ]);
    expect(told.log.equals(whole)).toBe(true);
    expect(end).toEqual({ kind: 'succeeded', logBytes: whole.length });
    expect(told.steps).toEqual(['1/2 a', '2/2 b']);
  });

  it('covers a secret across the border of two pieces, and does not tell the half of one', async () => {
    const told = new Told();
    const script = `head -c 16370 /dev/zero | tr '\\0' x; printf '%.20s' "$ADMIN_PASSWORD"
      until [ -f ${home}/go ]; do sleep 0.05; done; printf '%s' "$ADMIN_PASSWORD" | tail -c 4`;
    const running = ran(await enter(), runOf(script), told);
    await vi.waitUntil(() => told.log.length > 0, { timeout: 30_000 });
    expect(told.text).toBe('x'.repeat(16_370));
    writeFileSync(join(home, 'go'), '');
    expect(await running).toMatchObject({ kind: 'succeeded', logBytes: 16_394 });
    expect(told.text).toBe(`${'x'.repeat(16_370)}${'*'.repeat(24)}`);
  });

  it('is ended when it takes too long', async () => {
    const end = await ran(await enter(), runOf('echo a; sleep 60', { timeLimitMs: 1_000 }));
    expect(end).toMatchObject({
      kind: 'failed',
      reason: 'The recipe was not done within 1 min. Its last lines: a',
    });
  });

  it('is ended from outside when the machine does not do it', async () => {
    const told = new Told();
    const running = ran(await enter(), runOf('echo a; sleep 300'), told);
    await vi.waitUntil(() => told.text === 'a\n', { timeout: 30_000 });
    aheadMs = 300_000;
    expect(reasonOf(await running)).toContain('not done within 1 min');
  });

  it('is never repeated when the machine rebooted in the middle', async () => {
    const told = new Told();
    const running = ran(await enter(), runOf(`echo $PPID > ${home}/wrapper; sleep 300`), told);
    await vi.waitUntil(() => existsSync(join(home, 'wrapper')), { timeout: 30_000 });
    await vi.waitUntil(() => existsSync(inRun('pid')), { timeout: 30_000 });
    writeFileSync(inRun('started'), '4fb1f0d2-0000-0000-0000-000000000000\n');
    for (const pid of processesOf(inRun('run.sh'))) process.kill(pid, 'SIGKILL');
    aheadMs = 20_000;
    expect(reasonOf(await running)).toContain('interrupted by a reboot');
    await vi.waitUntil(() => processesOf(inRun('script')).length === 0, { timeout: 30_000 });
  });

  it('does not begin on a full disk', async () => {
    const visit = await enter();
    host.fault = { kind: 'disk-full' };
    const error = await rejection(ran(visit, runOf('exit 0')));
    expect([error.class, error.message]).toEqual([
      'config',
      expect.stringContaining('disk is full'),
    ]);
    expect(error.message).not.toContain(PASSWORD);
  });

  it('does not begin with secrets that are missing', async () => {
    const inputs = { values: [], secretNames: ['TOKEN'] };
    const visit = await enter();
    const error = await rejection(ran(visit, runOf('exit 0', { inputs })));
    expect(error.class).toBe('config');
    expect(await visit.wasStarted('main')).toBe(false);
  });
});

describe('a health check', () => {
  const check = (health: HealthCheck) => work.checkHealth(machine, health, stop.signal);

  it('runs the command of what was set up last', async () => {
    const command: HealthCheck = { kind: 'command', command: `test -f ${home}/healthy` };
    expect(await check(command)).toEqual({
      isHealthy: false,
      detail: 'health command from here: there is nothing to check',
    });
    const visit = await enter();
    await ran(visit, runOf('exit 0', { health: command }));
    expect((await check(command)).detail).toBe('health command from here: exit code 1');
    writeFileSync(join(home, 'healthy'), '');
    expect((await check(command)).isHealthy).toBe(true);
    await ran(visit, runOf('exit 0', { part: 'rollback' }));
    expect((await check(command)).detail).toContain('nothing to check');
  });

  it('says so when the renter took the door out', async () => {
    writeFileSync(keysFile(), '');
    const { isHealthy, detail } = await check({ kind: 'command', command: 'true' });
    expect([isHealthy, detail]).toEqual([false, expect.stringContaining('was taken out')]);
  });

  it('connects, and asks by HTTP', async () => {
    const web = createHttpServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const webPort = (web.address() as AddressInfo).port;
    const page = { kind: 'http' as const, port: webPort, path: '/', status: 200 };
    expect((await check({ ...page, contains: 'hell' })).isHealthy).toBe(true);
    expect(await check({ ...page, contains: 'bye' })).toEqual({
      isHealthy: false,
      detail: `HTTP GET :${webPort}/ from here: 200 without "bye"`,
    });
    expect((await check({ kind: 'tcp', port: webPort })).isHealthy).toBe(true);
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    expect((await check({ kind: 'tcp', port: webPort })).isHealthy).toBe(false);
  });
});

describe('credentials', () => {
  it('are sealed to the renter, if there are any', async () => {
    const recipient = await identityToRecipient(ageIdentity);
    const file = await work.sealedCredentials(machine, RECIPE, recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(ageIdentity);
    expect(JSON.parse(await decrypter.decrypt(file ?? new Uint8Array(), 'text'))).toEqual({
      v: 1,
      secrets: [{ name: 'ADMIN_PASSWORD', value: PASSWORD }],
    });
    const none = { ...RECIPE, generatedSecrets: [] };
    expect(await work.sealedCredentials(machine, none, recipient)).toBeUndefined();
  });
});
