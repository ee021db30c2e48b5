import process from 'node:process';
import { BUBBLEWRAP_HELP, ensureBubblewrap } from './lib/bubblewrap.ts';

if (!ensureBubblewrap()) {
  process.stderr.write(`${BUBBLEWRAP_HELP}\n`);
  process.exitCode = 1;
}
