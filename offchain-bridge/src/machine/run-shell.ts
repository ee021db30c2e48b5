import { oneLine } from '../core/one-line.ts';
import { WorkError } from '../core/work-error.ts';
import type { ExecResult, ShellSession } from '../ports/shell.port.ts';

/** What a script ends with when somebody else is at it. */
const BUSY = 75;
const MAX_WORDS = 200;

/** Runs a script by a POSIX shell, whatever shell root has; nothing of it is to be seen in a process list. */
export function runShell(
  session: ShellSession,
  script: string,
  timeoutMs: number,
): Promise<ExecResult> {
  return session.exec('/bin/sh -s', { timeoutMs, stdin: Buffer.from(script) });
}

/** Does nothing if it went well; else throws what the machine said: `transient` if it was busy. */
export function mustHaveWorked(what: string, { code, stderr }: ExecResult): void {
  if (code === 0) return;
  const words = oneLine(textOf(stderr), MAX_WORDS);
  const how = code === undefined ? 'by a signal' : `with exit code ${code.toString()}`;
  const details = words === '' ? '' : ` (${words})`;
  throw new WorkError(
    code === BUSY ? 'transient' : 'config',
    `${what} did not work on the machine: it ended ${how}${details}.`,
  );
}

/** Text of bytes that a machine sent. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
