import process from 'node:process';
import {
  buildCanister,
  CanisterBuildError,
  writeDeclarations,
} from './canisters/build-canister.ts';
import { CANISTERS } from './canisters/layout.ts';

const PARALLEL_BUILDS = 2;
const BYTES_PER_MB = 1_000_000;

/** Each item once, a few at a time. Waits for all and then throws what the first failure threw. */
async function forEachOf<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL_BUILDS }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function buildAndTell(name: string): Promise<void> {
  const { isFresh, gzippedBytes } = await buildCanister(name);
  const size = `${(gzippedBytes / BYTES_PER_MB).toFixed(2)} MB gzipped`;
  process.stdout.write(`${isFresh ? 'built' : 'unchanged'} ${name} (${size})\n`);
}

/** Names after the flags; all canisters if there are none. */
function chosen(args: readonly string[]): readonly string[] {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.find((name) => !CANISTERS.some((known) => known === name));
  if (unknown !== undefined) throw new CanisterBuildError(`there is no canister ${unknown}`);
  return names.length === 0 ? CANISTERS : names;
}

const args = process.argv.slice(2);
const run = args.includes('--declarations') ? writeDeclarations : buildAndTell;
try {
  await forEachOf(chosen(args), run);
} catch (error) {
  if (!(error instanceof CanisterBuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
