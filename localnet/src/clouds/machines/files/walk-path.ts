import { constants, type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { fileError, isMissing } from './file-error.ts';

/** Linux `O_PATH`, which Node does not name: a handle to a place, without reading it. */
const O_PATH = 0o10_000_000;
const LINKS_MAX = 40;
const PATH_MAX = 4_096;

/** A name in a folder that is held open: it means the same place whatever others rename meanwhile. */
export interface Spot {
  /** For the operating system. */
  readonly hostPath: string;
  /** As the machine sees it: absolute, without links. */
  readonly machinePath: string;
}

interface Walk {
  readonly root: string;
  readonly trail: FileHandle[];
  readonly names: string[];
  linksLeft: number;
}

export interface WalkRequest {
  /** The host's folder that is the machine's `/`. */
  readonly root: string;
  readonly path: string;
  /** Whether a link at the very end is followed. */
  readonly followsLast: boolean;
}

/** Opens a place itself, never what a link there points to. */
export function openSpot(hostPath: string): Promise<FileHandle> {
  return open(hostPath, O_PATH | constants.O_NOFOLLOW);
}

/** A path to what a handle of `openSpot` stands for. */
export function heldPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/**
 * Resolves a path as the machine would, with its links, and never leaves `root`: links are followed
 * by hand, from folders that are held open, so that a program in the machine that swaps a folder for
 * a link in between gains nothing. `use` runs while the folder is held.
 * Errors: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG with the machine's path.
 */
export async function withSpot<T>(
  request: WalkRequest,
  use: (spot: Spot) => Promise<T>,
): Promise<T> {
  if (request.path.length > PATH_MAX) throw fileError('ENAMETOOLONG', request.path);
  const { root } = request;
  const walk: Walk = { root, trail: [], names: [], linksLeft: LINKS_MAX };
  try {
    walk.trail.push(await openFolder(root));
    return await use(await follow(walk, request));
  } finally {
    await Promise.all(walk.trail.map((handle) => handle.close()));
  }
}

async function follow(walk: Walk, request: WalkRequest): Promise<Spot> {
  const rest = wordsOf(request.path);
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '..') {
      await leaveFolder(walk);
      continue;
    }
    const isLast = rest.length === 0;
    const spot = spotOf(walk, name);
    const kind = await kindOf(spot.hostPath);
    if (kind === 'link' && (!isLast || request.followsLast)) {
      rest.unshift(...(await enterLink(walk, spot)));
      continue;
    }
    if (isLast) return spot;
    if (kind === 'nothing') throw fileError('ENOENT', request.path);
    if (kind !== 'folder') throw fileError('ENOTDIR', request.path);
    walk.trail.push(await openFolder(spot.hostPath));
    walk.names.push(name);
  }
  return spotOf(walk, '.');
}

function wordsOf(path: string): string[] {
  return path.split('/').filter((word) => word !== '' && word !== '.');
}

function spotOf(walk: Walk, name: string): Spot {
  const folder = walk.trail.at(-1);
  if (folder === undefined) throw new Error('the root is always held');
  const names = name === '.' ? walk.names : [...walk.names, name];
  return { hostPath: `${heldPath(folder)}/${name}`, machinePath: `/${names.join('/')}` };
}

/** The words of the link's target; an absolute one starts at the root again. */
async function enterLink(walk: Walk, spot: Spot): Promise<string[]> {
  walk.linksLeft -= 1;
  if (walk.linksLeft < 0) throw fileError('ELOOP', spot.machinePath);
  const target = await readlink(spot.hostPath);
  if (target.startsWith('/')) while (walk.names.length > 0) await leaveFolder(walk);
  return wordsOf(target);
}

async function leaveFolder(walk: Walk): Promise<void> {
  if (walk.names.pop() !== undefined) await walk.trail.pop()?.close();
}

function openFolder(path: string): Promise<FileHandle> {
  return open(path, O_PATH | constants.O_NOFOLLOW | constants.O_DIRECTORY);
}

async function kindOf(path: string): Promise<'nothing' | 'link' | 'folder' | 'other'> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return 'link';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw error;
  }
}
