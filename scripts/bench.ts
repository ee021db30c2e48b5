import process from 'node:process';
import { figuresTable, isMet, type Bench, type Figure } from './bench/figure.ts';
import { kitBench } from './bench/kit.bench.ts';
import { localnetBench } from './bench/localnet.bench.ts';
import { rentalBench } from './bench/rental.bench.ts';
import { tokenValueBench } from './bench/token-value.bench.ts';
import { treasuryBench } from './bench/treasury.bench.ts';

/** Every benchmark of the project. Add a module `scripts/bench/<subject>.bench.ts` and name it here. */
const BENCHES: readonly Bench[] = [
  kitBench,
  localnetBench,
  tokenValueBench,
  treasuryBench,
  rentalBench,
];

const figures: Figure[] = [];
for (const bench of BENCHES) {
  const tell = (progress: string) => process.stderr.write(`${progress} …\n`);
  figures.push(...(await bench.run(tell)));
}
process.stdout.write(`${figuresTable(figures)}\n`);
const missed = figures.filter((figure) => !isMet(figure)).map(({ name }) => name);
if (missed.length > 0) process.stdout.write(`Missed: ${missed.join(', ')}\n`);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ figures })}\n`);
if (missed.length > 0) process.exitCode = 1;
