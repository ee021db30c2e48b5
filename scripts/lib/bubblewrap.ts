import { spawnSync } from 'node:child_process';
import { installFromDebian } from './debian.ts';

/** What is missing where there is no bubblewrap, and how to get it. */
export const BUBBLEWRAP_HELP = `The stand-in cloud's machines are sandboxes of bubblewrap (bwrap), which was not found.
Without it nothing but the built-in demo recipes runs on them.
Install it: Debian: sudo apt-get install bubblewrap`;

/** Whether `bwrap` is there; installs it first if it is not, where that can be done without asking. */
export function ensureBubblewrap(): boolean {
  if (isThere()) return true;
  installFromDebian('bubblewrap', 'the machines of the stand-in cloud');
  return isThere();
}

function isThere(): boolean {
  return spawnSync('bwrap', ['--version']).status === 0;
}
