import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { findChromium } from './lib/chromium.ts';

const HELP = `Browser tests need Chromium and none was found on PATH.
Install it (Debian: sudo apt-get install chromium) or set CHROMIUM_PATH to one you have.`;

/** The prefix that runs a command as root without asking, or undefined if there is none. */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function run(words: readonly string[]): boolean {
  const [command = '', ...args] = words;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

function install(): void {
  const prefix = rootPrefix();
  if (prefix === undefined || spawnSync('apt-get', ['--version']).status !== 0) return;
  process.stdout.write('Installing Chromium from Debian for the browser tests …\n');
  run([...prefix, 'apt-get', 'update', '-qq']);
  run([...prefix, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium']);
}

const chosen = process.env['CHROMIUM_PATH'] ?? '';
if (findChromium() === undefined && chosen === '') install();
if (findChromium() === undefined) {
  process.stderr.write(chosen === '' ? `${HELP}\n` : `CHROMIUM_PATH names no program: ${chosen}\n`);
  process.exitCode = 1;
}
