import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What came of a script. */
export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script that comes by the standard input, with nothing in the environment but `env`. */
export function runScript(
  shell: readonly [string, ...string[]],
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptResult> {
  const [program, ...args] = shell;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(script);
  });
}

/** The numbers of all processes of this computer whose command line has the text in it. */
export function processesOf(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && commandLine(pid).includes(text));
}

/** Empty for one that has ended meanwhile. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
