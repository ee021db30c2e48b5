import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is typed. */
export interface StartCommand {
  readonly args: readonly string[];
  /** Beside the test's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `npm start` as a child process in a group of its own, as a terminal would run it. */
export class StartProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #watchers = new Set<() => void>();
  #isOver = false;
  output = '';

  constructor({ args, env = {} }: StartCommand) {
    this.#child = spawn('npm', ['start', '--', ...args], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...env },
    });
    const take = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
      for (const check of this.#watchers) check();
    };
    this.#child.stdout?.on('data', take);
    this.#child.stderr?.on('data', take);
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#isOver = true;
        resolve(code);
      });
    });
  }

  /** Resolves with the exit code once the process and all its output have ended. */
  exitCode(): Promise<number | null> {
    return this.#exited;
  }

  /** Resolves when the words were printed; rejects with the output if the process ends before. */
  printed(words: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!this.output.includes(words)) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
      void this.#exited.then(() => reject(new Error(`ended without “${words}”:\n${this.output}`)));
    });
  }

  /** What follows a label at the start of a line. */
  valueOf(label: string): string {
    const line = this.output.split('\n').find((text) => text.startsWith(label));
    if (line === undefined) throw new Error(`no line begins with ${label}:\n${this.output}`);
    return line.slice(label.length).trim().split(/\s/, 1)[0] ?? '';
  }

  /** Sends a signal to the whole group, which is what Ctrl-C does. */
  signal(name: 'SIGINT' | 'SIGKILL'): void {
    if (this.#child.pid === undefined || this.#isOver) return;
    process.kill(-this.#child.pid, name);
  }
}
