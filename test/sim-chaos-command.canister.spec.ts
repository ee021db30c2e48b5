import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../scripts/canisters/layout.ts';

const LOOK_EVERY_MS = 100;
/** For what hangs: a market opens in ten seconds on a computer that has nothing else to do. */
const LIMIT_MS = 600_000;
/** What a machine's processes show, in a sandbox or not. */
const MACHINE = '/machines/';
const STORM = ['--bridges', '2', '--jobs', '500', '--seed', '4', '--at-once', '6'];

let folder: string;
let started: Simulation[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-command-'));
  started = [];
});

afterEach(() => {
  for (const one of started) one.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Simulation {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly texts: { stdout: string; stderr: string };
}

function simulate(...args: readonly string[]): Simulation {
  const script = join(REPOSITORY, 'scripts', 'sim-chaos.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, TMPDIR: folder },
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const simulation = { child, ended, texts };
  started.push(simulation);
  return simulation;
}

/** A process, also if its number is used again. */
interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
}

function processes(): readonly Found[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid)) return [];
    try {
      // After the name, which is in parentheses: the state, the parent, …, the time of its start.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const [state = '', parent = ''] = fields;
      if (state === 'Z') return [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid, parent: Number(parent), startedAt: fields[19] ?? '', command }];
    } catch (error) {
      if (isOver(error)) return [];
      throw error;
    }
  });
}

function isOver(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH';
}

function familyOf(pid: number | undefined): readonly Found[] {
  const all = processes();
  const family = new Set([pid]);
  // A child may be listed before its parent.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  return all.filter((one) => family.has(one.pid));
}

function isAlive(one: Found): boolean {
  return processes().some(({ pid, startedAt }) => pid === one.pid && startedAt === one.startedAt);
}

/** Beside them there is what tsx remembers. */
function filesLeft(): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('decent-cloud-'));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(LOOK_EVERY_MS);
}

/** Once bridges work and a machine runs a program. */
async function inFullSwing(): Promise<{ simulation: Simulation; family: readonly Found[] }> {
  const simulation = simulate(...STORM);
  const { child, texts } = simulation;
  let family: readonly Found[] = [];
  const has = (words: string): boolean => family.some(({ command }) => command.includes(words));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`it has ended: ${texts.stderr}`);
    family = familyOf(child.pid);
    return has('bridge.mjs run') && has(MACHINE);
  });
  return { simulation, family };
}

describe('npm run sim:chaos', { timeout: LIMIT_MS }, () => {
  it('refuses numbers that are none', async () => {
    const { ended, texts } = simulate('--bridges', 'many');
    expect({ code: await ended, stdout: texts.stdout }).toEqual({ code: 2, stdout: '' });
    expect(texts.stderr).toContain('--bridges must be a whole number');
  });

  it('ends all that it has started when it is told to stop, and leaves no files', async () => {
    const { simulation, family } = await inFullSwing();
    simulation.child.kill('SIGTERM');
    expect(await simulation.ended).toBe(130);
    await until(() => !family.some(isAlive));
    expect(filesLeft()).toEqual([]);
  });

  it.each(['the command', 'what does the work'])(
    'leaves nothing behind when %s is killed',
    async (victim) => {
      const { simulation, family } = await inFullSwing();
      const worker = family.find(({ command }) => command.includes('test/chaos/main.ts'));
      const pid = victim === 'the command' ? simulation.child.pid : worker?.pid;
      process.kill(pid ?? Number.NaN, 'SIGKILL');
      await until(() => !family.some(isAlive));
      await until(() => filesLeft().length === 0);
    },
  );
});
