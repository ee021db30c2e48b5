import process from 'node:process';
import { runChaos, type ChaosOptions, type ChaosOutcome } from './run-chaos.ts';

/** Runs what scripts/sim-chaos.ts has read from the command line; its argument is JSON. */
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
    const { bridges, jobs, seed, atOnce } = options;
    const flags = `--bridges ${bridges} --jobs ${jobs} --seed ${seed} --at-once ${atOnce}`;
    tell(`again: npm run sim:chaos -- ${flags}`);
  }
  process.stdout.write(`${JSON.stringify({ ...judged, ...counts, troubles: troubles.length })}\n`);
}

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => stopping.abort(new Error('it was stopped')));
}
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
