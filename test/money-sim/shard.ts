import process from 'node:process';
import { parseArgs } from 'node:util';
import { isSound, runSeed } from './run-seed.ts';

/**
 * Lives some seeds and writes one line of JSON for each to standard output; the timeline of a verbose
 * run goes to standard error. `scripts/sim-money.ts` starts as many of these as there are processors.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const [first, runs, step] = [values.seed, values.runs, values.step].map(Number);
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

for (let run = 0; run < (runs ?? 1); run += 1) {
  const seed = (first ?? 1) + run * (step ?? 1);
  const report = runSeed(seed, values.verbose ? { tell } : {});
  const { counts, ...rest } = report;
  const line = { ...rest, isSound: isSound(report), counts: Object.fromEntries(counts) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
