import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processesOf, runScript, type ScriptResult } from '../testing/shell.fake.ts';
import {
  isSettled,
  killScript,
  makeFolderScript,
  parseRunEnd,
  parseStatus,
  runFolder,
  runWrapper,
  SETTLED_SCRIPT,
  startScript,
  statusScript,
  type RunEnd,
  type RunStatus,
} from './run-script.ts';
import { shellAssignments, type NamedValue } from './shell-quote.ts';

const LIMIT_MS = 60_000;
const PASSWORD = 'it\'s $(a) "secret"\n`b`';

let home = '';
let folder = runFolder('');

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dc-run-'));
  folder = runFolder('12', join(home, "it's here"));
  expect((await sh(makeFolderScript(folder))).code).toBe(0);
});

afterEach(() => rmSync(home, { recursive: true }));

const sh = (script: string): Promise<ScriptResult> =>
  runScript(['/bin/sh', '-s'], script, { HOME: home });
const inRun = (name: string): string => join(folder.path, name);
const log = (): string => readFileSync(inRun('log'), 'utf8');

function put(script: string, values: readonly NamedValue[] = [], limitMs = LIMIT_MS): void {
  writeFileSync(inRun('script'), script, { mode: 0o700 });
  writeFileSync(inRun('inputs'), shellAssignments(values), { mode: 0o600 });
  writeFileSync(inRun('run.sh'), runWrapper(limitMs), { mode: 0o700 });
}

function end(): RunEnd | undefined {
  return parseRunEnd(readFileSync(inRun('exit-code'), 'utf8'));
}

async function status(): Promise<RunStatus | undefined> {
  return parseStatus((await sh(statusScript(folder))).stdout);
}

async function ended(): Promise<RunEnd | undefined> {
  await vi.waitUntil(() => existsSync(inRun('exit-code')), { timeout: 30_000, interval: 20 });
  return end();
}

describe.each(['dash', 'bash'])('the wrapper, run by %s', (shell) => {
  const run = (): Promise<ScriptResult> =>
    runScript([shell, inRun('run.sh')], 'nothing to read', { HOME: home, BASH_ENV: '/etc/none' });

  it('gives a script its inputs and nothing to read, and keeps what it prints', async () => {
    put('#!/bin/bash\nprintf "%s|" "$PASSWORD" "$DC_IP" "$PWD"\ncat\necho oops >&2\nexit 3', [
      { name: 'PASSWORD', value: PASSWORD },
      { name: 'DC_IP', value: '127.20.0.1' },
    ]);
    expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
    const printed = `${PASSWORD}|127.20.0.1|${home}|oops\n`;
    expect(log()).toBe(printed);
    expect(end()).toEqual({ code: 3, logBytes: printed.length, isTimedOut: false });
    expect(existsSync(inRun('inputs'))).toBe(false);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  });

  it('runs a script without a first line of its own by sh', async () => {
    put('echo "$0"');
    await run();
    expect([end()?.code, log()]).toEqual([0, `${inRun('script')}\n`]);
  });

  it('runs a script once, whoever comes and how often', async () => {
    put('#!/bin/sh\necho once');
    await Promise.all([run(), run(), run()]);
    await run();
    expect([log(), end()?.code]).toEqual(['once\n', 0]);
  });

  it('says so when a script took too long, and ends all of it', async () => {
    put('#!/bin/sh\necho begun\nsleep 60 & wait\n', [], 1_000);
    await run();
    expect(end()).toEqual({ code: 124, logBytes: 6, isTimedOut: true });
  });

  it('does not take an exit code of the script for a limit', async () => {
    put('#!/bin/sh\nexit 124');
    await run();
    expect(end()).toEqual({ code: 124, logBytes: 0, isTimedOut: false });
  });

  it('counts the log before what goes on in the background', async () => {
    put('#!/bin/sh\n(sleep 1; echo late) &\necho soon\n');
    await run();
    expect(end()).toEqual({ code: 0, logBytes: 5, isTimedOut: false });
    expect((await status())?.state).toBe('ended');
    await vi.waitUntil(() => log() === 'soon\nlate\n', { timeout: 20_000 });
    expect(end()?.logBytes).toBe(5);
  });
});

describe('a run', () => {
  it('is none before it was started', async () => {
    expect(await status()).toEqual({
      state: 'none',
      hasRebooted: false,
      logBytes: 0,
      lastStepLine: '',
    });
    put('#!/bin/sh\n');
    expect((await status())?.state).toBe('none');
  });

  it('goes on when who started it has gone, and tells its last step', async () => {
    put(
      `#!/bin/sh\necho '#dc-step 1/2 a'\necho '#dc-step 2/2 b'\nuntil [ -f ${home}/go ]; do sleep 0.1; done\n`,
    );
    expect((await sh(startScript(folder))).code).toBe(0);
    await vi.waitUntil(() => existsSync(inRun('log')) && log().includes('2/2'), {
      timeout: 20_000,
    });
    expect(await status()).toEqual({
      state: 'running',
      hasRebooted: false,
      logBytes: 30,
      lastStepLine: '#dc-step 2/2 b',
    });
    writeFileSync(join(home, 'go'), '');
    expect((await ended())?.code).toBe(0);
    expect((await status())?.state).toBe('ended');
  });

  it('can be ended with all that it started', async () => {
    put('#!/bin/sh\nsleep 300 &\nsleep 300\n');
    await sh(startScript(folder));
    await vi.waitUntil(() => existsSync(inRun('pid')), { timeout: 20_000 });
    await vi.waitUntil(async () => (await sh(killScript(folder))).code === 0, { timeout: 20_000 });
    expect(await ended()).toMatchObject({ code: 137, isTimedOut: false });
    await vi.waitUntil(() => processesOf(folder.path).length === 0, { timeout: 20_000 });
  });

  it('is dead when its wrapper is gone without a word', async () => {
    put('#!/bin/sh\nsleep 300\n');
    const wrapper = spawn('/bin/sh', [inRun('run.sh')], { env: { HOME: home } });
    await vi.waitUntil(() => existsSync(inRun('pid')), { timeout: 20_000 });
    wrapper.kill('SIGKILL');
    await vi.waitUntil(async () => (await status())?.state === 'dead', { timeout: 20_000 });
    expect((await status())?.hasRebooted).toBe(false);
    writeFileSync(inRun('started'), '4fb1f0d2-0000-0000-0000-000000000000\n');
    expect(await status()).toMatchObject({ state: 'dead', hasRebooted: true });
    const left = Number(readFileSync(inRun('pid'), 'utf8'));
    writeFileSync(inRun('pid'), `${process.pid}\n`);
    expect((await sh(killScript(folder))).code).toBe(1);
    writeFileSync(inRun('pid'), `${left}\n`);
    expect((await sh(killScript(folder))).code).toBe(0);
  });
});

describe('what machines answer', () => {
  it.each(['', 'running', 'yes other 1', 'dead same\n', 'ended same x'])(
    'is no status: %j',
    (text) => {
      expect(parseStatus(text)).toBeUndefined();
    },
  );

  it.each(['', 'running', '0', '0 1', '0 1 2', '1000 1 2 3', '0 1 2 3 4', '-1 1 2 3', 'a b c d'])(
    'is no end: %j',
    (text) => {
      expect(parseRunEnd(text)).toBeUndefined();
    },
  );

  it.each([
    ['137 5 60 60', true],
    ['137 5 59 60', false],
    ['1 5 99 60', false],
  ])('is a limit or not: %j', (text, isTimedOut) => {
    expect(parseRunEnd(text)?.isTimedOut).toBe(isTimedOut);
  });

  it('counts as set up without cloud-init, and with what it recovered from', async () => {
    const { code } = await runScript(['/bin/sh', '-s'], SETTLED_SCRIPT, {});
    expect([code, isSettled(code ?? undefined)]).toEqual([127, true]);
    expect([0, 1, 2, 127, undefined].map(isSettled)).toEqual([true, false, true, true, false]);
  });
});
