import { parseArgs } from 'node:util';
import { LOG_LEVELS, type LogLevel } from './call-log.ts';
import { MARKET_USAGE, parseMarketCommand, type MarketCommand } from './market-args.ts';
import { parseTimeCommand, TIME_USAGE, type TimeCommand } from './time-args.ts';
import { UsageError } from './usage-error.ts';

export const DEFAULT_PORT = 4943;
export const DEFAULT_STATE_DIR = '.localnet';
const PORT_MAX = 65_535;

export const USAGE = `A local Internet Computer.

Usage: localnet <command> [options]

Commands:
  start                               Runs the network until Ctrl-C
  status                              Says whether a network runs, and where
  stop                                Ends the network that runs in the background
  fault <ledger> <what>               Makes a ledger fail; see localnet fault --help
  clouds                              Runs a simulated cloud; see localnet clouds --help
${TIME_USAGE}${MARKET_USAGE}
Options:
  --port <number>      Port on 127.0.0.1; 0 takes any free one (start; default ${DEFAULT_PORT})
  --state-dir <path>   Where the network is kept (default ${DEFAULT_STATE_DIR})
  --clean              Deletes the network there and starts a new one (start)
  --log <level>        off, calls or debug (start; default calls)
  --help               This text

Colours: NO_COLOR=1 turns them off.
`;

export type Command =
  | {
      readonly kind: 'start';
      readonly port: number;
      readonly stateDir: string;
      readonly clean: boolean;
      readonly log: LogLevel;
    }
  | { readonly kind: 'status'; readonly stateDir: string }
  | { readonly kind: 'stop'; readonly stateDir: string }
  | { readonly kind: 'market'; readonly stateDir: string; readonly market: MarketCommand }
  | { readonly kind: 'time'; readonly stateDir: string; readonly time: TimeCommand }
  | { readonly kind: 'help' };

/** Reads the command line of `localnet`. Errors: `UsageError`. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [name, ...rest] = positionals;
  if (values.help === true || name === undefined) return { kind: 'help' };
  const stateDir = values['state-dir'] ?? DEFAULT_STATE_DIR;
  if (stateDir === '') throw new UsageError('--state-dir needs a path');
  switch (name) {
    case 'start':
      refuseMore(rest);
      return {
        kind: 'start',
        stateDir,
        port: portOf(values.port ?? DEFAULT_PORT.toString()),
        clean: values.clean ?? false,
        log: logLevelOf(values.log ?? 'calls'),
      };
    case 'status':
    case 'stop':
      refuseMore(rest);
      refuseStartOptions(name, values);
      return { kind: name, stateDir };
    case 'time':
      refuseStartOptions(name, values);
      return { kind: 'time', stateDir, time: parseTimeCommand(rest) };
    case 'price':
    case 'pool':
    case 'source':
      refuseStartOptions(name, values);
      return { kind: 'market', stateDir, market: parseMarketCommand(name, rest) };
    default:
      throw new UsageError(
        `unknown command "${name}"; there are start, status, stop, time, price, pool and source`,
      );
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        'state-dir': { type: 'string' },
        clean: { type: 'boolean' },
        log: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function refuseMore(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`unexpected argument "${words.join(' ')}"`);
}

function refuseStartOptions(command: string, values: Readonly<Record<string, unknown>>): void {
  for (const name of ['port', 'clean', 'log']) {
    if (values[name] !== undefined)
      throw new UsageError(`--${name} is an option of start, not of ${command}`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= PORT_MAX) return port;
  throw new UsageError(`--port must be a whole number from 0 to ${PORT_MAX}, not "${text}"`);
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new UsageError(`--log must be one of ${LOG_LEVELS.join(', ')}, not "${text}"`);
}
