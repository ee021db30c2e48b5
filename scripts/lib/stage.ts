import { spawn } from 'node:child_process';
import process from 'node:process';

/** A child process with a name, whose success is its exit code. */
export interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface StageResult {
  readonly name: string;
  readonly isOk: boolean;
  readonly durationMs: number;
  /** What it printed, if it was captured. */
  readonly output: string;
}

/** Runs a stage to its end. With `capture` its output is kept and not shown. */
export function runStage(stage: Stage, mode: 'show' | 'capture'): Promise<StageResult> {
  const startedAtMs = Date.now();
  const chunks: Buffer[] = [];
  const child = spawn(stage.command, stage.args, {
    env: { ...process.env, ...stage.env },
    stdio: mode === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const keep = (chunk: Buffer) => chunks.push(chunk);
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    const end = (isOk: boolean, trouble: string) => {
      const output = Buffer.concat(chunks).toString('utf8') + trouble;
      resolve({ name: stage.name, isOk, durationMs: Date.now() - startedAtMs, output });
    };
    child.once('error', (error) => end(false, `${stage.command}: ${error.message}\n`));
    child.once('close', (code) => end(code === 0, ''));
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
