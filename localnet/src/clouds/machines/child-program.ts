import { type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { MachineProgram, ProgramEnd } from './machine-system.port.ts';

/** Exit code of a program that could not be started. Source: POSIX.1-2017, 2.8.2. */
const CANNOT_START = 126;

/** Resolves when a child process has ended, or could not be started at all. */
export function endOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ kind: 'exited', code: CANNOT_START }));
    child.once('exit', (code, signal) => {
      if (signal !== null) resolve({ kind: 'signaled', signal });
      else resolve({ kind: 'exited', code: code ?? CANNOT_START });
    });
  });
}

/** A child process of this one as a machine's program. */
export function programOf(
  child: ChildProcessWithoutNullStreams,
  signal: (name: NodeJS.Signals) => void,
): MachineProgram {
  // Whoever writes to a program that has ended is told by its end.
  child.stdin.on('error', () => child.stdin.destroy());
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, ended: endOf(child), signal };
}
