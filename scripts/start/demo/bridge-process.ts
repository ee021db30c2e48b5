import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartError } from '../start-error.ts';

const BRIDGE = fileURLToPath(
  new URL('../../../offchain-bridge/bin/offchain-bridge.mjs', import.meta.url),
);
const LISTENS = /^bridge: (http:\S+)$/;
/** A bridge that drains gives its jobs back within 20 s. */
const STOP_MS = 30_000;

export interface BridgeStart {
  /** `BRIDGE_<NAME>` of its configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes its log. */
  readonly logFile: string;
  /** What is run; the command of the repository unless told otherwise. */
  readonly program?: string;
  /** Modules that are loaded before it. */
  readonly preload?: readonly string[];
}

/** A bridge as a process of its own. */
export class BridgeProcess {
  /** Resolves when it is over, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
    this.ended = new Promise((resolve) => {
      if (this.isRunning) child.once('exit', () => resolve());
      else resolve();
    });
  }

  /** Resolves when it listens; an error has what it said last. */
  static async start(start: BridgeStart): Promise<BridgeProcess> {
    const { env, logFile, program = BRIDGE, preload = [] } = start;
    const imports = preload.flatMap((module) => ['--import', module]);
    const child = spawn(process.execPath, [...imports, program, 'run'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    let lastWords = '';
    child.stderr.on('data', (chunk: Buffer) => (lastWords = chunk.toString('utf8')));
    child.stderr.pipe(log);
    for await (const line of createInterface(child.stdout)) {
      const url = LISTENS.exec(line)?.[1];
      if (url !== undefined) return new BridgeProcess(child, url);
    }
    throw new StartError(`A bridge did not start; its log is ${logFile}.\n${lastWords}`);
  }

  /** Where its pages are. */
  get url(): string {
    return this.#url;
  }

  /** Undefined if it could not even be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lets it give back what it has in hand; ends it by force if that takes too long. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
