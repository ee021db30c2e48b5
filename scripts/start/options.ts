import { parseArgs } from 'node:util';

const PORT_DEFAULT = 4_943;
const STATE_DIR_DEFAULT = '.localnet/decent-cloud';
const PORT_MAX = 65_535;

export interface StartOptions {
  readonly port: number;
  readonly stateDir: string;
  /** Forget everything that an earlier start left. */
  readonly isClean: boolean;
  /** End after the proof that everything answers. */
  readonly isOnce: boolean;
  /** Also serve the page from source, and run the bridge. */
  readonly isDev: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

export const HELP = `npm start -- [options]
  --port <n>         port of the local network (${PORT_DEFAULT}; 0 chooses a free one)
  --state-dir <dir>  where the network is kept (${STATE_DIR_DEFAULT})
  --clean            begin with an empty network
  --once             end after everything has been deployed and has answered
`;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(PORT_DEFAULT) },
        'state-dir': { type: 'string', default: STATE_DIR_DEFAULT },
        clean: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
      return { kind: 'invalid', problem: `--port must be 0 to ${PORT_MAX}, not ${values.port}` };
    }
    const { clean: isClean, once: isOnce, dev: isDev } = values;
    const stateDir = values['state-dir'];
    return { kind: 'run', options: { port, stateDir, isClean, isOnce, isDev } };
  } catch (error) {
    return { kind: 'invalid', problem: error instanceof Error ? error.message : String(error) };
  }
}
