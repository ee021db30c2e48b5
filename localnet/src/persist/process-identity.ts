import { readFileSync } from 'node:fs';

/** Names a process beyond its id, which the system gives to another one later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own units; null where the system does not tell. */
  readonly startedAt: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: statusOf(process.pid)?.startedAt ?? null };
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  if (!acceptsSignals(pid)) return false;
  const status = statusOf(pid);
  if (status === undefined) return true;
  return !status.isZombie && (startedAt === null || startedAt === status.startedAt);
}

function acceptsSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Source: proc(5), /proc/pid/stat: fields 3 (state) and 22 (starttime). */
function statusOf(pid: number): { isZombie: boolean; startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name before it may contain anything, closing brackets included.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { isZombie: fields[0] === 'Z', startedAt: fields[19] ?? '' };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
