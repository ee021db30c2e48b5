import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildCanister } from './canisters/build-canister.ts';
import { CANISTERS, REPOSITORY } from './canisters/layout.ts';

/**
 * `npm run bench:bridge -- --rentals N --delay F`: N rentals at once, bare and with a recipe, on one real
 * bridge at a simulated cloud that is F times as slow as the real one; 50 and 1 unless told otherwise.
 * `--profile DIR` has the three processes write CPU profiles there. The last line of standard output is
 * JSON. Exit code 1 if a goal was missed.
 */
const MAIN = fileURLToPath(new URL('../test/bridge/load/main.ts', import.meta.url));

for (const name of CANISTERS) await buildCanister(name);
const args = ['--import', 'tsx', MAIN, ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: 'inherit' });
// It ends all that it has started, and then itself.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill('SIGTERM'));
process.exitCode = await new Promise<number>((resolve) => {
  child.once('close', (code) => {
    resolve(code ?? 1);
  });
});
