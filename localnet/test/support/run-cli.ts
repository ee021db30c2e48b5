import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCALNET = fileURLToPath(new URL('../../bin/localnet.mjs', import.meta.url));

/** `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `localnet` command as a process of its own. */
export class CliProcess {
  readonly #child;
  readonly #exited: Promise<unknown>;
  #isOver = false;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [LOCALNET, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    this.#child.stdout.on('data', (chunk) => (this.#stdout += String(chunk)));
    this.#child.stderr.on('data', (chunk) => (this.#stderr += String(chunk)));
    this.#exited = once(this.#child, 'close').then(() => (this.#isOver = true));
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Processor time so far, in user and system mode. Source: proc(5), fields 14 and 15. */
  processorMs(): number {
    const text = readFileSync(`/proc/${String(this.#child.pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  }

  /** The first match in the output; throws if the process ends without one. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout);
      if (match !== null) return match;
      if (this.#isOver) throw new Error(`ended without ${String(pattern)}: ${this.#stderr}`);
      await Promise.race([once(this.#child.stdout, 'data'), this.#exited]);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async finished(): Promise<Finished> {
    await this.#exited;
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }
}
