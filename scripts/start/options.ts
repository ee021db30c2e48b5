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
  /** Also serve the page from source. */
  readonly isDev: boolean;
  /** Where machines come from. */
  readonly cloud: CloudChoice;
}

export type CloudChoice =
  /** Sandboxes on this computer; 1 is as slow as a real cloud, 0 as fast as can be. */
  | { readonly kind: 'local'; readonly delay: number }
  /** Hetzner itself, which sends bills. */
  | { readonly kind: 'hetzner'; readonly token: string; readonly url: string | undefined };

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

export const HELP = `npm start -- [options]
  --port <n>         port of the local network (${PORT_DEFAULT}; 0 chooses a free one)
  --state-dir <dir>  where the network is kept (${STATE_DIR_DEFAULT})
  --clean            begin with an empty network
  --once             end after one rental has been proven; the last line is JSON
  --dev              also serve the page from source, restarting on change
  --cloud <name>     local: sandboxes on this computer (default)
                     hetzner: real servers of the project of HCLOUD_TOKEN, which are billed;
                     with --once the server is deleted again (docs/RUNBOOK.md)
  --cloud-delay <n>  of the local cloud: 1 is as slow as a real one (default), 0 at once
`;

const HETZNER_HELP =
  '--cloud hetzner needs HCLOUD_TOKEN: a token for reading and writing of a Hetzner Cloud project. ' +
  'Servers made there are billed by Hetzner.';

export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(PORT_DEFAULT) },
        'state-dir': { type: 'string', default: STATE_DIR_DEFAULT },
        clean: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        cloud: { type: 'string', default: 'local' },
        'cloud-delay': { type: 'string', default: '1' },
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
    const cloud = cloudOf(values.cloud, values['cloud-delay'], env);
    if (typeof cloud === 'string') return { kind: 'invalid', problem: cloud };
    return { kind: 'run', options: { port, stateDir, isClean, isOnce, isDev, cloud } };
  } catch (error) {
    return { kind: 'invalid', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The choice, or what is wrong with it. */
function cloudOf(
  name: string,
  delayText: string,
  env: Readonly<Record<string, string | undefined>>,
): CloudChoice | string {
  if (name === 'local') {
    const delay = Number(delayText);
    const isShare = delayText.trim() !== '' && delay >= 0 && delay <= 1;
    return isShare ? { kind: 'local', delay } : `--cloud-delay must be 0 to 1, not ${delayText}`;
  }
  if (name !== 'hetzner') return `--cloud must be local or hetzner, not ${name}`;
  const token = env['HCLOUD_TOKEN'] ?? '';
  if (token === '') return HETZNER_HELP;
  // As Hetzner's own command line has it.
  return { kind: 'hetzner', token, url: env['HCLOUD_ENDPOINT'] };
}
