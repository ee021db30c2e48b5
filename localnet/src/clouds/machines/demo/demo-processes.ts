import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { errorCode } from '../files/file-error.ts';

/** The variable by which the processes of a machine are known: its value is the machine's folder. */
export const MARK = 'DC_MACHINE';

const ROUNDS = 200;
const PAUSE_MS = 10;

/**
 * Ends every process that carries the mark of a machine in the folder, again and again until there is
 * none: without isolation nothing else holds them together. Throws if some cannot be ended.
 */
export async function endMarked(folder: string): Promise<void> {
  for (let left = ROUNDS; left > 0; left -= 1) {
    const found = marked(folder);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`Processes of the machines in ${folder} cannot be ended.`);
}

function marked(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && isOf(pid, folder));
}

/** Source: proc_pid_environ(5); a process that has ended has no environment. */
function isOf(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const mark = environment.find((line) => line.startsWith(`${MARK}=`))?.slice(MARK.length + 1);
    return mark === folder || mark?.startsWith(`${folder}/`) === true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
