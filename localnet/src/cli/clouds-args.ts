import { parseArgs } from 'node:util';
import { DEFAULT_STATE_DIR } from './cli-args.ts';
import { UsageError } from './usage-error.ts';

export const DEFAULT_CLOUDS_PORT = 4944;
/** As long as a real one. */
export const DEFAULT_CLOUDS_TOKEN = 'localnet'.repeat(8);
const DEFAULT_SSH_PORT = 2_222;
const PORT_MAX = 65_535;

export const CLOUDS_USAGE = `Runs a simulated Hetzner Cloud until Ctrl-C. Its servers are machines on this computer.

Usage: localnet clouds [options]

Options:
  --port <number>         Port of the API on 127.0.0.1; 0 takes any free one (default ${DEFAULT_CLOUDS_PORT})
  --ssh-port <number>     Port on which servers answer SSH (default ${DEFAULT_SSH_PORT})
  --token <text>          The token of its one project
  --time-factor <number>  1 is as slow as the real cloud, 0 does all at once (default 1)
  --without-machines      Servers are servers in name only
  --state-dir <path>      Servers are kept in its folder clouds (default ${DEFAULT_STATE_DIR})
`;

export interface CloudsCommand {
  readonly port: number;
  readonly sshPort: number;
  readonly token: string;
  readonly timeFactor: number;
  readonly hasMachines: boolean;
  readonly stateDir: string;
}

/** Reads what follows `localnet clouds`; undefined asks for help. Errors: `UsageError`. */
export function parseCloudsArgs(args: readonly string[]): CloudsCommand | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const { token = DEFAULT_CLOUDS_TOKEN, 'state-dir': stateDir = DEFAULT_STATE_DIR } = values;
  if (!/^[\w-]+$/.test(token)) throw new UsageError('--token must be letters and digits');
  if (stateDir === '') throw new UsageError('--state-dir needs a path');
  return {
    port: portOf('--port', values.port, DEFAULT_CLOUDS_PORT),
    sshPort: portOf('--ssh-port', values['ssh-port'], DEFAULT_SSH_PORT),
    token,
    timeFactor: factorOf(values['time-factor'] ?? '1'),
    hasMachines: values['without-machines'] !== true,
    stateDir,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        'ssh-port': text,
        token: text,
        'time-factor': text,
        'without-machines': { type: 'boolean' },
        'state-dir': text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function portOf(option: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^\d+$/.test(text) && Number(text) <= PORT_MAX) return Number(text);
  throw new UsageError(`${option} must be a whole number from 0 to ${PORT_MAX}, not "${text}"`);
}

function factorOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--time-factor must be a number of at least 0, not "${text}"`);
}
