import { lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ETC_FILES } from './etc-files.ts';
import { isMissing } from './file-error.ts';
import { removeTree } from './remove-tree.ts';

const PRIVATE = 0o700;
const OPEN_TO_ALL = 0o1777;

/** What the system mounts on: never links, or a machine could choose which folder of the host it gets. */
const MOUNTED = [
  ...['/bin', '/dev', '/etc', '/etc/alternatives', '/home', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/tmp', '/usr', '/usr/local', '/var'],
];
const MOUNTED_FILES = ['/etc/ld.so.cache', '/etc/ld.so.preload'];
const FIXED = new Set(['/', ...MOUNTED, ...MOUNTED_FILES]);

const PLAIN = [
  ...['/etc/default', '/etc/ssh', '/etc/systemd/system', '/media', '/mnt', '/sys'],
  ...['/usr/local/bin', '/usr/local/lib', '/usr/local/sbin', '/usr/local/share'],
  ...['/var/lib/cloud/instance', '/var/log', '/var/spool', '/var/www'],
];

/** What is empty after a boot, as on a system whose /run and /tmp are in memory. */
const VOLATILE = ['/run', '/tmp'];

/** Folders in which a machine writes. */
export const WRITABLE_FOLDERS: readonly string[] = [
  ...['/etc', '/home', '/opt', '/root', '/run', '/srv', '/tmp', '/usr/local', '/var'],
];

/** What SFTP may neither move nor remove. */
export function isFixedPath(machinePath: string): boolean {
  return FIXED.has(machinePath);
}

/**
 * Makes the files of a new machine in `root`, and puts back in an old one what must be there to boot:
 * whatever stands where a folder must be is moved aside.
 */
export async function makeTree(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  for (const folder of [...MOUNTED, ...PLAIN]) await ensureFolder(root, folder);
  for (const file of MOUNTED_FILES) await ensureFile(root, file);
  for (const [path, { text, mode }] of Object.entries(ETC_FILES)) {
    await writeIfMissing(join(root, path), text, mode);
  }
}

/** What a boot does before anything runs. */
export async function emptyVolatile(root: string): Promise<void> {
  for (const folder of VOLATILE) {
    await removeTree(join(root, folder));
    await ensureFolder(root, folder);
  }
}

/** Each part by itself: nothing above it is a link by then. */
async function ensureFolder(root: string, folder: string): Promise<void> {
  const words = folder.split('/').slice(1);
  for (let count = 1; count <= words.length; count += 1) {
    const part = `/${words.slice(0, count).join('/')}`;
    const path = join(root, part);
    const kind = await kindAt(path);
    if (kind === 'folder') continue;
    if (kind === 'other') await rename(path, `${path}.not-a-folder-${process.pid}`);
    await mkdir(path, { mode: modeOf(part) });
  }
}

function modeOf(folder: string): number {
  if (folder === '/root') return PRIVATE;
  return folder === '/tmp' ? OPEN_TO_ALL : 0o755;
}

async function ensureFile(root: string, file: string): Promise<void> {
  const path = join(root, file);
  const kind = await kindAt(path);
  if (kind === 'file') return;
  if (kind !== 'nothing') await rename(path, `${path}.not-a-file-${process.pid}`);
  await writeFile(path, '', { mode: 0o644 });
}

async function writeIfMissing(path: string, text: string, mode: number): Promise<void> {
  if ((await kindAt(path)) === 'nothing') await writeFile(path, text, { mode, flag: 'wx' });
}

async function kindAt(path: string): Promise<'nothing' | 'folder' | 'file' | 'other'> {
  try {
    const stats = await lstat(path);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw error;
  }
}
