import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { StateDirError } from './state-dir-error.ts';

const LOCK_FILE = 'lock';

const holderSchema = z.object({
  pid: z.int().positive(),
  startedAt: z.string().nullable(),
  url: z.string().nullable(),
});

/** The process that has a state directory, and where it serves once it does. */
export type StateHolder = ProcessIdentity & { readonly url: string | null };

/** At most one process has the lock of a directory; one that was killed loses it. */
export class StateLock {
  readonly #path: string;
  readonly #identity: ProcessIdentity = ownIdentity();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Errors: `StateDirError` naming the process that has it. */
  static acquire(stateDir: string): StateLock {
    const lock = new StateLock(join(stateDir, LOCK_FILE));
    const draft = lock.#writeDraft(null);
    try {
      while (!tryLink(draft, lock.#path)) removeIfStale(lock.#path);
      return lock;
    } finally {
      rmSync(draft);
    }
  }

  /** Tells `localnet status` where this process serves. */
  announce(url: string): void {
    renameSync(this.#writeDraft(url), this.#path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  #writeDraft(url: string | null): string {
    const draft = `${this.#path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ ...this.#identity, url }));
    return draft;
  }
}

/** Who has the directory now; undefined if nobody does. */
export function holderOf(stateDir: string): StateHolder | undefined {
  const holder = parseHolder(readIfThere(join(stateDir, LOCK_FILE)));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Throws if the holder lives. Moving the file aside first makes sure that only one removes it. */
function removeIfStale(path: string): void {
  const text = readIfThere(path);
  const holder = parseHolder(text);
  if (holder !== undefined && isAlive(holder)) throw lockedBy(holder);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = readIfThere(aside);
  // Somebody else replaced the stale lock in between: give it back, the next attempt sees it.
  if (moved !== text) tryLink(aside, path);
  rmSync(aside);
}

function lockedBy({ pid, url }: StateHolder): StateDirError {
  const where = url === null ? '' : ` and serves ${url}`;
  return new StateDirError(
    'locked',
    `another local network (process ${pid}) uses this state directory${where}. ` +
      'Stop it with `localnet stop`, or choose another directory with --state-dir.',
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** An unreadable lock is nobody's: ours appear complete or not at all. */
function parseHolder(text: string | undefined): StateHolder | undefined {
  if (text === undefined) return undefined;
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
