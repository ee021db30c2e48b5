import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCanister } from './canisters/build-canister.ts';
import { REPOSITORY } from './canisters/layout.ts';

/**
 * `npm run sim:money -- --runs N --seed S`: N random lives of rentals and their money, seeds from S
 * on, spread over the processors. The last line of standard output is JSON. Exit code 1 if anything
 * was paid twice or lost, or any check failed. A failing seed alone: `--runs 1 --seed <it> --verbose`.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    verbose: { type: 'boolean', default: false },
  },
});

const SHARD = fileURLToPath(new URL('../test/money-sim/shard.ts', import.meta.url));
const PROGRESS_EVERY_RUNS = 50;
const SUMS = ['exactlyOnce', 'double', 'lost', 'insolvent'] as const;

/** One line of a shard. */
type RunLine = Record<(typeof SUMS)[number], number> & {
  readonly seed: number;
  readonly resolved: number;
  readonly isSound: boolean;
  readonly troubles: readonly string[];
};

interface Sums extends Record<(typeof SUMS)[number], number> {
  runs: number;
  /** Transfers of which nobody could know what became of them, all resolved by the ledger's proof. */
  parked: number;
}

const runs = wholeNumber('runs', values.runs);
const seed = wholeNumber('seed', values.seed);
const jobs = Math.max(1, Math.min(runs, wholeNumber('jobs', values.jobs)));
const sums: Sums = { runs: 0, exactlyOnce: 0, double: 0, lost: 0, insolvent: 0, parked: 0 };
const failedSeeds: number[] = [];

await buildCanister('treasury');
await Promise.all(Array.from({ length: jobs }, (_, index) => runShard(index)));
failedSeeds.sort((one, other) => one - other);
process.stdout.write(
  `${JSON.stringify(failedSeeds.length > 0 ? { ...sums, failedSeeds } : sums)}\n`,
);
const isComplete = sums.runs === runs;
if (!isComplete) tell(`${runs - sums.runs} runs did not end`);
if (failedSeeds.length > 0 || !isComplete) process.exitCode = 1;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} must be a whole number, not ${text}\n`);
  process.exit(2);
}

/** Every `jobs`-th seed. */
async function runShard(index: number): Promise<void> {
  const own = Math.floor((runs - index + jobs - 1) / jobs);
  const args = ['--runs', String(own), '--seed', String(seed + index), '--step', String(jobs)];
  if (values.verbose) args.push('--verbose');
  const child = spawn(process.execPath, ['--import', 'tsx', SHARD, ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    take(JSON.parse(line) as RunLine);
  }
  await closed;
}

function take(run: RunLine): void {
  sums.runs += 1;
  sums.parked += run.resolved;
  for (const name of SUMS) sums[name] += run[name];
  if (!run.isSound) {
    failedSeeds.push(run.seed);
    tell(`seed ${run.seed}:`);
    for (const trouble of run.troubles) tell(`  ${trouble}`);
  }
  if (sums.runs % PROGRESS_EVERY_RUNS === 0)
    tell(`${sums.runs} of ${runs}: ${JSON.stringify(sums)}`);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
