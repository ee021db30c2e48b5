import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNode } from '../src/localnet-node.ts';
import { installStandardCanisters } from '../src/cli/standard-network.ts';
import {
  counterOf,
  hashText,
  openScriptNode,
  progressOf,
  runStep,
  SCRIPT_GENESIS_NS,
  submitStep,
} from './support/persist-script.ts';

const VICTIM = fileURLToPath(new URL('support/persist-victim.ts', import.meta.url));
/** Promises read before each kill; primes, so that kills fall before, in and after snapshots. */
const KILL_AFTER_LINES = [1, 2, 5, 13, 31, 7, 3, 47, 1, 23];

interface Loaded {
  readonly steps: number;
  readonly isOpen: boolean;
  readonly hash: string;
}

interface Life {
  readonly loaded: Loaded;
  /** State hash after so many steps, as promised. */
  readonly done: ReadonlyMap<number, string>;
}

let stateDir: string;
const lives: Life[] = [];
let finalSteps: number;
let finalHash: string;
let finalCounter: number;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'persist-kill-'));
  for (const lines of KILL_AFTER_LINES) lives.push(await liveUntilKilled(lines));
  const last = openScriptNode(stateDir, 1_000);
  const { steps, isLastOpen } = progressOf(last.node.replica);
  if (isLastOpen) runStep(last.node.replica, steps - 1);
  finalSteps = steps;
  finalHash = hashText(last.node.replica);
  finalCounter = counterOf(last.node.replica);
  last.close();
});

afterAll(() => {
  rmSync(stateDir, { recursive: true });
});

describe('a network killed with SIGKILL', () => {
  it('has every step it promised when it is started again', () => {
    let promised = 0;
    for (const { loaded, done } of lives) {
      expect(loaded.steps).toBeGreaterThanOrEqual(promised);
      promised = Math.max(promised, ...done.keys());
    }
    expect(finalSteps).toBeGreaterThanOrEqual(promised);
    expect(promised).toBeGreaterThan(100);
  });

  it('has the very state of a network that was never stopped', () => {
    const reference = uninterrupted(finalSteps);
    for (const { loaded, done } of lives) {
      const expected = loaded.isOpen ? reference.open : reference.idle;
      expect(loaded.hash).toBe(expected[loaded.steps]);
      for (const [steps, hash] of done) expect(hash).toBe(reference.idle[steps]);
    }
    expect(finalHash).toBe(reference.idle[finalSteps]);
    expect(finalCounter).toBe(reference.counter);
  });

  it('took snapshots on the way', () => {
    const generations = readdirSync(stateDir).map((name) => Number(/-(\d+)$/.exec(name)?.[1] ?? 0));
    expect(Math.max(...generations)).toBeGreaterThan(5);
  });
});

/** Starts the victim, reads so many promises and kills it while it goes on. */
async function liveUntilKilled(lines: number): Promise<Life> {
  const args = ['--import', 'tsx', VICTIM, stateDir];
  const victim = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(victim, 'exit');
  const output = await readPromises(victim, lines);
  const [code, signal] = (await exited) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  const [first = '', ...rest] = output;
  const [word, steps, openness, hash = ''] = first.split(' ');
  expect(word).toBe('loaded');
  const loaded = { steps: Number(steps), isOpen: openness === 'open', hash };
  const done = rest.map((line): [number, string] => {
    const [, doneSteps, doneHash = ''] = line.split(' ');
    return [Number(doneSteps), doneHash];
  });
  return { loaded, done: new Map(done) };
}

async function readPromises(victim: ChildProcess, lines: number): Promise<string[]> {
  if (victim.stdout === null) throw new Error('the victim has no output');
  const output: string[] = [];
  let pending = '';
  for await (const chunk of victim.stdout) {
    pending += String(chunk);
    const complete = pending.split('\n');
    pending = complete.pop() ?? '';
    output.push(...complete);
    if (output.length > lines) victim.kill('SIGKILL');
  }
  return output;
}

/** State hashes by number of steps: after the last one ran, and while it waits to run. */
function uninterrupted(steps: number): { open: string[]; idle: string[]; counter: number } {
  const seed = Uint8Array.from(Buffer.from(readFileSync(join(stateDir, 'seed'), 'utf8'), 'hex'));
  const { replica } = createNode({ seed, timeNs: SCRIPT_GENESIS_NS });
  installStandardCanisters(replica);
  const open = [''];
  const idle = [hashText(replica)];
  for (let step = 0; step < steps; step += 1) {
    submitStep(replica, step);
    open.push(hashText(replica));
    runStep(replica, step);
    idle.push(hashText(replica));
  }
  return { open, idle, counter: counterOf(replica) };
}
