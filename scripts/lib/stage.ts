import { spawn } from 'node:child_process';
import process from 'node:process';

/** A child process with a name, whose success is its exit code. */
export interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; here if nothing is said. */
  readonly cwd?: string;
}

export interface StageResult {
  readonly name: string;
  readonly isOk: boolean;
  readonly durationMs: number;
  /** What it printed, if it was captured. */
  readonly output: string;
}

/** What a process left behind may hold its output open for so long. */
const OUTPUT_END_MS = 5_000;

/** Runs a stage to its end. Its output is shown, kept and not shown (`capture`), or both. */
export function runStage(stage: Stage, mode: 'show' | 'capture' | 'both'): Promise<StageResult> {
  const startedAtMs = Date.now();
  const chunks: Buffer[] = [];
  const child = spawn(stage.command, stage.args, {
    env: { ...process.env, ...stage.env },
    ...(stage.cwd === undefined ? {} : { cwd: stage.cwd }),
    stdio: mode === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const take = (shown: NodeJS.WriteStream) => (chunk: Buffer) => {
    chunks.push(chunk);
    if (mode === 'both') shown.write(chunk);
  };
  child.stdout?.on('data', take(process.stdout));
  child.stderr?.on('data', take(process.stderr));
  return new Promise((resolve) => {
    const end = (isOk: boolean, trouble: string) => {
      const output = Buffer.concat(chunks).toString('utf8') + trouble;
      resolve({ name: stage.name, isOk, durationMs: Date.now() - startedAtMs, output });
    };
    child.once('error', (error) => end(false, `${stage.command}: ${error.message}\n`));
    child.once('close', (code) => end(code === 0, ''));
    child.once('exit', () => {
      const letGo = () => [child.stdout, child.stderr].forEach((stream) => stream?.destroy());
      const timer = setTimeout(letGo, OUTPUT_END_MS);
      child.once('close', () => {
        clearTimeout(timer);
      });
    });
  });
}

/** `12.3 s`. */
export function secondsText(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

/** `✔ lint (12.3 s)` or `✘ lint (12.3 s)`. */
export function verdictLine(result: StageResult): string {
  return `${result.isOk ? '✔' : '✘'} ${result.name} (${secondsText(result.durationMs)})`;
}
