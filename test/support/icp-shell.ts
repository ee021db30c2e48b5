import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { CANISTERS } from '../../scripts/canisters/layout.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the document's commands find in the folder that they are typed in, as in a clone. */
const LINKED = ['dist', 'localnet', 'node_modules'];

const NETWORK = `
networks:
  - name: local
    mode: managed
    gateway:
      port: 0
canisters:
`;

export interface Shown {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A shell in a project of the real `icp` command, with a home of its own. The canisters are those that
 * were built; the network takes any free port. Variables live from script to script.
 */
export class IcpShell {
  readonly #root = mkdtempSync(join(tmpdir(), 'icp-shell-'));
  readonly #folder = join(this.#root, 'project');
  readonly #home = join(this.#root, 'home');
  readonly #variables = join(this.#root, 'variables.sh');

  constructor() {
    mkdirSync(this.#folder);
    mkdirSync(this.#home);
    for (const name of LINKED) symlinkSync(join(ROOT, name), join(this.#folder, name));
    writeFileSync(join(this.#folder, 'icp.yaml'), manifest());
    writeFileSync(this.#variables, '');
  }

  /** Runs lines as they would be typed; the first that fails is the last. */
  async run(script: string): Promise<Shown> {
    const lines = [
      'set -euo pipefail',
      `set -a; . '${this.#variables}'`,
      `trap 'export -p > "${this.#variables}"' EXIT`,
      script,
    ];
    const child = spawn('bash', ['-c', lines.join('\n')], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        HOME: this.#home,
        PATH: process.env['PATH'] ?? '',
        TMPDIR: tmpdir(),
        DO_NOT_TRACK: '1',
        NO_COLOR: '1',
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function manifest(): string {
  const canisters = CANISTERS.map(
    (name) => `  - name: ${name}
    build:
      steps:
        - type: pre-built
          path: dist/canisters/${name}/${name}.wasm.gz
`,
  );
  return NETWORK + canisters.join('');
}
