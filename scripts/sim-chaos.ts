import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCanister } from './canisters/build-canister.ts';
import { CANISTERS, REPOSITORY } from './canisters/layout.ts';

/**
 * `npm run sim:chaos -- --bridges B --jobs N --seed S`: N rentals, worked by B real bridge processes that
 * are killed at every step and at random while requests are lost, doubled and late and the cloud fails.
 * The last line of standard output is JSON. Exit code 1 if anything was made twice, left or lost.
 * `--calm`: nothing goes wrong. `--at-once N`: rentals that are made at the same time.
 */
const { values } = parseArgs({
  options: {
    bridges: { type: 'string', default: '5' },
    jobs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '24' },
    calm: { type: 'boolean', default: false },
  },
});

const MAIN = fileURLToPath(new URL('../test/chaos/main.ts', import.meta.url));
const options = {
  seed: wholeNumber('seed', values.seed, 0),
  bridges: wholeNumber('bridges', values.bridges, 1),
  jobs: wholeNumber('jobs', values.jobs, 1),
  atOnce: wholeNumber('at-once', values['at-once'], 1),
  isStormy: !values.calm,
};

for (const name of CANISTERS) await buildCanister(name);
const folder = mkdtempSync(join(tmpdir(), 'decent-cloud-chaos-'));
const args = ['--import', 'tsx', MAIN, JSON.stringify({ ...options, folder })];
// It ends when the pipe does, should this process be killed.
const child = spawn(process.execPath, args, {
  cwd: REPOSITORY,
  stdio: ['pipe', 'inherit', 'inherit'],
});
// It ends all that it has started, and then itself.
const stop = (): void => void child.kill('SIGTERM');
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
// So does tsx if it runs this: it is its parent then, and holds a channel to it.
process.on('disconnect', stop);
process.channel?.unref();
process.exitCode = await new Promise<number>((resolve) => {
  child.once('close', (code) => {
    // Killed, it could not remove anything itself.
    if (code === null) rmSync(folder, { recursive: true, force: true });
    resolve(code ?? 1);
  });
});

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`--${name} must be a whole number of at least ${least}, not ${text}\n`);
  process.exit(2);
}
