import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMotoko } from '../fixtures/motoko.ts';

const ICP = join(
  dirname(createRequire(import.meta.url).resolve('@icp-sdk/icp-cli-linux-x64/package.json')),
  'bin',
  'icp',
);
const LAUNCHER = fileURLToPath(new URL('../../bin/icp-cli-network-launcher', import.meta.url));
const COUNTER = new URL('../fixtures/icp-counter.mo', import.meta.url);

const MANIFEST = `
networks:
  - name: local
    mode: managed
    gateway:
      port: 0
canisters:
  - name: counter
    build:
      steps:
        - type: pre-built
          path: counter.wasm
`;

export interface IcpOutcome {
  readonly code: number | null;
  /** Standard output and error as the user sees them. */
  readonly output: string;
}

/** A project of the real `icp` command, with a home of its own, in a temporary folder. */
export class IcpProject {
  readonly #root = mkdtempSync(join(tmpdir(), 'icp-project-'));
  readonly #folder = join(this.#root, 'project');
  readonly #home = join(this.#root, 'home');

  constructor() {
    mkdirSync(this.#folder);
    mkdirSync(this.#home);
    writeFileSync(join(this.#folder, 'icp.yaml'), MANIFEST);
  }

  /** Puts the counter in place of the build output, as the given version of it. */
  buildCounter(version: string): string {
    const source = readFileSync(COUNTER, 'utf8').replace('"v1"', `"${version}"`);
    const sourceFile = join(this.#root, 'counter.mo');
    writeFileSync(sourceFile, source);
    const wasmFile = join(this.#folder, 'counter.wasm');
    writeFileSync(wasmFile, compileMotoko(sourceFile));
    return wasmFile;
  }

  async run(...args: string[]): Promise<IcpOutcome> {
    const child = spawn(ICP, args, {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        HOME: this.#home,
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        TMPDIR: tmpdir(),
        DO_NOT_TRACK: '1',
        ICP_CLI_NETWORK_LAUNCHER_PATH: LAUNCHER,
      },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    await once(child, 'close');
    return { code: child.exitCode, output };
  }

  /** The output of a command that must succeed. */
  async icp(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`icp ${args.join(' ')} ended with ${String(code)}:\n${output}`);
    return output;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
