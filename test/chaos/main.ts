import process from 'node:process';
import { runChaos, type ChaosOptions, type ChaosOutcome } from './run-chaos.ts';

/**
 * Runs what scripts/sim-chaos.ts has read from the command line; its argument is JSON. It ends when its
 * standard input does, which is when that script has ended, however that was.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as Omit<ChaosOptions, 'tell' | 'signal'>;

/** Far more than it takes on a slow machine. */
const LIMIT_MS = { world: 900_000, rental: 20_000 };
const EXIT_STOPPED = 130;

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function report({ verdict, coverage, ...counts }: ChaosOutcome): void {
  const { troubles, isSound, ...judged } = verdict;
  for (const [kind, phases] of [...coverage].sort()) {
    tell(`  ${kind}: ${phases.length === 0 ? 'no kill' : `killed ${phases.join(' and ')}`}`);
  }
  for (const trouble of troubles) tell(`  ${trouble}`);
  if (!isSound) {
    const { bridges, jobs, seed, atOnce, isStormy } = options;
    const numbers = `--bridges ${bridges} --jobs ${jobs} --seed ${seed} --at-once ${atOnce}`;
    const flags = isStormy ? numbers : `${numbers} --calm`;
    tell(`again: npm run sim:chaos -- ${flags}`);
  }
  const killedAt = (phase: string): number =>
    [...coverage.values()].filter((phases) => phases.includes(phase)).length;
  const covered = {
    kinds: coverage.size,
    killedBefore: killedAt('before'),
    killedAfter: killedAt('after'),
  };
  const line = { ...judged, ...counts, ...covered, troubles: troubles.length };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const stopping = new AbortController();
const stop = (): void => stopping.abort(new Error('it was stopped'));
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
process.stdin.once('close', stop).resume();
const signal = AbortSignal.any([
  stopping.signal,
  AbortSignal.timeout(LIMIT_MS.world + options.jobs * LIMIT_MS.rental),
]);
try {
  const outcome = await runChaos({ ...options, signal, tell });
  report(outcome);
  process.exit(outcome.verdict.isSound ? 0 : 1);
} catch (error) {
  if (!signal.aborted) throw error;
  tell(`it did not come to its end: ${String(signal.reason)}`);
  process.exit(EXIT_STOPPED);
}
