import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { errorCode } from '../files/file-error.ts';
import type { MachineLimits } from '../machine-options.ts';

const V1 = '/sys/fs/cgroup';
const PREFIX = 'decent-cloud-';
const PAUSE_MS = 20;
const REMOVE_TRIES = 50;

/** Limits of a control group: the file and what to write into it. */
type Setting = readonly [controller: 'pids' | 'memory', file: string, value: string];

/**
 * Control groups of a machine: they count its processes where the kernel's own limit does not, for
 * root, and bound its memory. Empty where none can be made: as an ordinary user, in most containers.
 */
export class ProcessGroup {
  readonly #folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  static async make(name: string, limits: MachineLimits): Promise<ProcessGroup> {
    if (process.getuid?.() !== 0) return new ProcessGroup([]);
    const settings = existsSync(join(V1, 'cgroup.controllers'))
      ? unified(limits)
      : separate(limits);
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
    const id = `${PREFIX}${process.pid}-${hash}`;
    const folders = new Set<string>();
    for (const [controller, file, value] of settings) {
      const folder = join(await ownGroup(controller), id);
      if (await limit(folder, file, value)) folders.add(folder);
    }
    return new ProcessGroup([...folders]);
  }

  /** Removes groups of processes that were killed: only they leave any behind. */
  static async sweep(): Promise<void> {
    if (process.getuid?.() !== 0) return;
    for (const controller of ['pids', 'memory'] as const) {
      const folder = await ownGroup(controller);
      const names = await readdir(folder).catch(() => []);
      const left = names.filter((name) => name.startsWith(PREFIX) && !isOwned(name));
      for (const name of left) await isRemoved(join(folder, name));
    }
  }

  /** Where a process writes its id to be counted. */
  get taskFiles(): readonly string[] {
    return this.#folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  get limitsProcesses(): boolean {
    return process.getuid?.() !== 0 || this.#folders.length > 0;
  }

  /** Once its processes have ended. One that cannot be removed is used again at the next boot. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) {
      for (let left = REMOVE_TRIES; left > 0; left -= 1) {
        if (await isRemoved(folder)) break;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
}

function unified(limits: MachineLimits): Setting[] {
  return [
    ['pids', 'pids.max', String(limits.processes)],
    ['memory', 'memory.max', String(limits.memoryBytes)],
  ];
}

function separate(limits: MachineLimits): Setting[] {
  return [
    ['pids', 'pids.max', String(limits.processes)],
    ['memory', 'memory.limit_in_bytes', String(limits.memoryBytes)],
  ];
}

/** With one hierarchy only its root may hold groups beside processes. Source: cgroups(7). */
async function ownGroup(controller: string): Promise<string> {
  if (existsSync(join(V1, 'cgroup.controllers'))) return V1;
  const lines = (await readFile('/proc/self/cgroup', 'utf8')).split('\n');
  const path = lines.map((line) => line.split(':')).find(([, name]) => name === controller)?.[2];
  return join(V1, controller, path ?? '');
}

async function limit(folder: string, file: string, value: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), value);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

/** Whether the process that made the group is still there. */
function isOwned(name: string): boolean {
  const owner = name.slice(PREFIX.length).split('-')[0] ?? '';
  return existsSync(`/proc/${owner}`);
}

async function isRemoved(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return errorCode(error) !== 'EBUSY';
  }
}
