import process from 'node:process';
import { build } from './start/build.ts';
import { StartError } from './start/start-error.ts';

/** Builds canisters and page as far as their sources changed. */
try {
  await build();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
