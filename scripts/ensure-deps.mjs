// Plain Node without packages: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const NODE_MINOR_MIN = 19;

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {Record<string, LockedPackage>} LockedPackages */

/**
 * Names what the lockfile demands and the installed tree lacks. Time stamps are not asked, because
 * git and archives do not keep them. Optional packages may be missing: they are for other platforms.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @returns {string[]}
 */
export function findMissingPackages(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, entry]) => path.startsWith('node_modules/') && entry.optional !== true)
    .filter(([path, entry]) => {
      const present = installed[path];
      return present === undefined || present.version !== entry.version;
    })
    .map(([path]) => path.slice('node_modules/'.length));
}

/**
 * @param {string} version such as `20.20.2`
 * @returns {boolean}
 */
export function isNodeRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_MAJOR_MIN || (major === NODE_MAJOR_MIN && minor >= NODE_MINOR_MIN);
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** @param {string} root */
function isInstalled(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  return findMissingPackages(wanted, readPackages(installedFile)).length === 0;
}

/** @param {string} root */
function install(root) {
  console.log('Installing packages (npm ci) …');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status === 0) return;
  console.error(
    'npm ci failed. See its message above; a network or registry problem is likeliest.',
  );
  process.exit(1);
}

function main() {
  if (!isNodeRecentEnough(process.versions.node)) {
    console.error(
      `Node ${NODE_MAJOR_MIN}.${NODE_MINOR_MIN} or newer is needed; this is ${process.versions.node}.`,
    );
    process.exit(1);
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  if (!isInstalled(root)) install(root);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
