import {
  chmod,
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rmdir,
  symlink,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { fileError, isMissing } from './file-error.ts';
import { isFixedPath } from './machine-tree.ts';
import { heldPath, openSpot, type Spot, withSpot } from './walk-path.ts';

/** What SETSTAT of SFTP may change. Owners are not kept: everything in a machine is root's. */
export interface FileChanges {
  readonly mode?: number;
  readonly size?: number;
  readonly times?: { readonly accessedAtS: number; readonly modifiedAtS: number };
}

const PERMISSIONS = 0o7777;

/**
 * A machine's files, from outside. Paths are the machine's, absolute; links in them are followed
 * inside the machine and never lead out of it. Errors carry the operating system's code. While
 * `isFull` says so, nothing can be written: ENOSPC.
 */
export class MachineFiles {
  readonly #root: string;
  readonly #isFull: () => boolean;

  constructor(root: string, isFull: () => boolean) {
    this.#root = root;
    this.#isFull = isFull;
  }

  /** Only plain files; waits for nobody at a named pipe. */
  open(path: string, options: { flags: number; mode: number }): Promise<FileHandle> {
    const { flags, mode } = options;
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0) this.requireRoom(path);
    const isNew = (flags & constants.O_EXCL) !== 0;
    return this.#at(path, !isNew, async ({ hostPath }) => {
      const careful = flags | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const handle = await open(hostPath, careful, mode & PERMISSIONS);
      if ((await handle.stat()).isFile()) return handle;
      await handle.close();
      throw fileError('EINVAL', path);
    });
  }

  stat(path: string): Promise<Stats> {
    return this.#at(path, true, ({ hostPath }) => lstat(hostPath));
  }

  lstat(path: string): Promise<Stats> {
    return this.#at(path, false, ({ hostPath }) => lstat(hostPath));
  }

  /** The machine's own name for a path; its last part need not be there. */
  realPath(path: string): Promise<string> {
    return this.#at(path, true, ({ machinePath }) => Promise.resolve(machinePath));
  }

  list(path: string): Promise<{ name: string; stats: Stats }[]> {
    return this.#at(path, true, async ({ hostPath }) => {
      const folder = await openSpot(hostPath);
      try {
        const names = await readdir(heldPath(folder));
        const found = names.map((name) => statsOf(`${heldPath(folder)}/${name}`, name));
        return (await Promise.all(found)).flat();
      } finally {
        await folder.close();
      }
    });
  }

  change(path: string, changes: FileChanges): Promise<void> {
    if (changes.size !== undefined) this.requireRoom(path);
    return this.#at(path, true, async ({ hostPath }) => {
      const handle = await openSpot(hostPath);
      try {
        await applyChanges(heldPath(handle), changes);
      } finally {
        await handle.close();
      }
    });
  }

  async changeOpen(file: FileHandle, changes: FileChanges): Promise<void> {
    if (changes.size !== undefined) this.requireRoom('an open file');
    await applyChanges(heldPath(file), changes);
  }

  makeFolder(path: string, mode: number): Promise<void> {
    this.requireRoom(path);
    return this.#at(path, false, async ({ hostPath }) => {
      await mkdir(hostPath, { mode: mode & PERMISSIONS });
    });
  }

  removeFile(path: string): Promise<void> {
    return this.#atFree(path, ({ hostPath }) => unlink(hostPath));
  }

  removeFolder(path: string): Promise<void> {
    return this.#atFree(path, ({ hostPath }) => rmdir(hostPath));
  }

  readLink(path: string): Promise<string> {
    return this.#at(path, false, ({ hostPath }) => readlink(hostPath));
  }

  makeLink(path: string, target: string): Promise<void> {
    this.requireRoom(path);
    return this.#at(path, false, ({ hostPath }) => symlink(target, hostPath));
  }

  /** Replaces what is at the new path only if told to. */
  rename(from: string, to: string, options: { replaces: boolean }): Promise<void> {
    this.requireRoom(to);
    return this.#atFree(from, (source) =>
      this.#atFree(to, async (target) => {
        if (!options.replaces && (await isThere(target.hostPath))) throw fileError('EEXIST', to);
        await rename(source.hostPath, target.hostPath);
      }),
    );
  }

  /** Undefined without such a file. */
  async read(path: string): Promise<Buffer | undefined> {
    try {
      const handle = await this.open(path, { flags: constants.O_RDONLY, mode: 0 });
      try {
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Makes missing folders, too. */
  async write(
    path: string,
    bytes: string | Uint8Array,
    options: { mode: number; appends?: boolean },
  ): Promise<void> {
    await this.#makeParents(path);
    const how = options.appends === true ? constants.O_APPEND : constants.O_TRUNC;
    const flags = constants.O_WRONLY | constants.O_CREAT | how;
    const handle = await this.open(path, { flags, mode: options.mode });
    try {
      await handle.chmod(options.mode & PERMISSIONS);
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
  }

  async #makeParents(path: string): Promise<void> {
    const words = path.split('/').filter((word) => word !== '');
    for (let count = 1; count < words.length; count += 1) {
      const folder = `/${words.slice(0, count).join('/')}`;
      const isMade = await this.#at(folder, true, (spot) => isThere(spot.hostPath));
      if (!isMade) await this.makeFolder(folder, 0o755);
    }
  }

  #at<T>(path: string, followsLast: boolean, use: (spot: Spot) => Promise<T>): Promise<T> {
    return withSpot({ root: this.#root, path, followsLast }, use);
  }

  /** For what moves or removes: not the folders that the system mounts on. */
  #atFree<T>(path: string, use: (spot: Spot) => Promise<T>): Promise<T> {
    return this.#at(path, false, (spot) => {
      if (isFixedPath(spot.machinePath)) throw fileError('EBUSY', path);
      return use(spot);
    });
  }

  /** Throws ENOSPC while the disk is full. */
  requireRoom(path: string): void {
    if (this.#isFull()) throw fileError('ENOSPC', path);
  }
}

async function applyChanges(path: string, changes: FileChanges): Promise<void> {
  if (changes.size !== undefined) await truncate(path, changes.size);
  if (changes.mode !== undefined) await chmod(path, changes.mode & PERMISSIONS);
  if (changes.times !== undefined) {
    await utimes(path, changes.times.accessedAtS, changes.times.modifiedAtS);
  }
}

async function isThere(hostPath: string): Promise<boolean> {
  try {
    await lstat(hostPath);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Nothing if it has just been removed. */
async function statsOf(hostPath: string, name: string): Promise<{ name: string; stats: Stats }[]> {
  try {
    return [{ name, stats: await lstat(hostPath) }];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
