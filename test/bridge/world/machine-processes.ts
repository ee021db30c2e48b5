import { readdirSync, readFileSync } from 'node:fs';

/** Processes that see that folder among their mounts, as all of a machine do: also those it hid. */
export function processesIn(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => mountsOf(pid).includes(folder));
}

/** Empty for one that has ended meanwhile, or is nobody's business. */
function mountsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
