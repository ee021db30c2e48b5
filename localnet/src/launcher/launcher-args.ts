import { parseArgs } from 'node:util';

/** Version of the command line this follows. Source: dfinity/icp-cli-network-launcher. */
const INTERFACE_VERSION = [1, 1, 0] as const;

export interface LauncherArgs {
  /** Port for the HTTP API and pages; 0 takes any free one. */
  readonly gatewayPort: number;
  readonly bind: string;
  readonly stateDir: string | undefined;
  /** Folder that gets `status.json` once the network is ready. */
  readonly statusDir: string | undefined;
  readonly isVerbose: boolean;
  /** What was asked for and is not part of this network, for the user to know. */
  readonly warnings: readonly string[];
}

/** The command line is not one of a launcher, or asks for what must not be. */
export class LauncherArgsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LauncherArgsError';
  }
}

const OPTIONS = {
  'interface-version': { type: 'string' },
  'gateway-port': { type: 'string' },
  'config-port': { type: 'string' },
  bind: { type: 'string' },
  'state-dir': { type: 'string' },
  'artificial-delay-ms': { type: 'string' },
  subnet: { type: 'string', multiple: true },
  'bitcoind-addr': { type: 'string', multiple: true },
  'dogecoind-addr': { type: 'string', multiple: true },
  domain: { type: 'string', multiple: true },
  ii: { type: 'boolean' },
  nns: { type: 'boolean' },
  'pocketic-server-path': { type: 'string' },
  'stdout-file': { type: 'string' },
  'stderr-file': { type: 'string' },
  'status-dir': { type: 'string' },
  verbose: { type: 'boolean' },
} as const;

/** Options whose effect this network does not have, and why that matters. */
const WITHOUT_EFFECT: readonly (readonly [keyof typeof OPTIONS, string])[] = [
  ['ii', 'Internet Identity is not installed'],
  ['nns', 'NNS and SNS canisters are not installed'],
  ['artificial-delay-ms', 'messages run without delay'],
  ['bitcoind-addr', 'there is no Bitcoin integration'],
  ['dogecoind-addr', 'there is no Dogecoin integration'],
  ['config-port', 'there is no admin port'],
  ['pocketic-server-path', 'no other server is started'],
  ['stdout-file', 'output goes to standard output'],
  ['stderr-file', 'errors go to standard error'],
];

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const PORT_MAX = 65_535;

/**
 * Reads the launcher's command line. Options of a later interface version are ignored with a
 * warning, as the interface asks for. Errors: `LauncherArgsError`.
 */
export function parseLauncherArgs(args: readonly string[]): LauncherArgs {
  const { values, tokens } = parse(args);
  const isLater = isLaterVersion(text(values['interface-version']));
  const unknown = tokens.flatMap((token) => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') return [token.value];
    return token.name in OPTIONS ? [] : [token.rawName];
  });
  if (unknown.length > 0 && !isLater) {
    throw new LauncherArgsError(`unexpected argument '${unknown.join(' ')}'`);
  }
  const ineffective = WITHOUT_EFFECT.filter(([name]) => values[name] !== undefined);
  return {
    gatewayPort: portOf(text(values['gateway-port']) ?? '0'),
    bind: loopbackOf(text(values.bind) ?? '127.0.0.1'),
    stateDir: text(values['state-dir']),
    statusDir: text(values['status-dir']),
    isVerbose: values.verbose === true,
    warnings: [
      ...unknown.map((name) => `${name} is not known and ignored`),
      ...ineffective.map(([name, why]) => `--${name} has no effect: ${why}`),
    ],
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
}

/** A value option without its value comes as `true`. */
function text(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new LauncherArgsError('an option lacks its value');
}

function isLaterVersion(version: string | undefined): boolean {
  if (version === undefined) return false;
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  const [major, minor, patch] = INTERFACE_VERSION;
  if (parts?.[0] !== major) {
    throw new LauncherArgsError(
      `Unsupported interface version ${version}. Supported versions: ^${major}.0.0`,
    );
  }
  const [, askedMinor = 0, askedPatch = 0] = parts;
  return askedMinor > minor || (askedMinor === minor && askedPatch > patch);
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= PORT_MAX) return port;
  throw new LauncherArgsError(`--gateway-port must be from 0 to ${PORT_MAX}, not ${value}`);
}

/** Everybody who reaches the port owns the network's money, so nobody outside must. */
function loopbackOf(address: string): string {
  if (LOOPBACK.test(address)) return address;
  throw new LauncherArgsError(
    `--bind ${address}: this network serves loopback addresses only; use 127.0.0.1`,
  );
}
