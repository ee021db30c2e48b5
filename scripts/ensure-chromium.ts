import process from 'node:process';
import { findChromium } from './lib/chromium.ts';
import { installFromDebian } from './lib/debian.ts';

const HELP = `Browser tests need Chromium and none was found on PATH.
Install it (Debian: sudo apt-get install chromium) or set CHROMIUM_PATH to one you have.`;

const chosen = process.env['CHROMIUM_PATH'] ?? '';
if (findChromium() === undefined && chosen === '') {
  installFromDebian('chromium', 'the browser tests');
}
if (findChromium() === undefined) {
  process.stderr.write(chosen === '' ? `${HELP}\n` : `CHROMIUM_PATH names no program: ${chosen}\n`);
  process.exitCode = 1;
}
