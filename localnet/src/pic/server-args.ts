import { parseArgs } from 'node:util';

export interface ServerArgs {
  readonly address: string;
  readonly port: number;
  readonly portFile: string | undefined;
  /** The server ends after this long without a request. */
  readonly ttlMs: number;
}

/** Source: dfinity/ic rs/pocket_ic_server/src/main.rs `TTL_SEC`. */
const DEFAULT_TTL_S = 60;
const MS_PER_S = 1_000;

/** The PocketIC server's own command line. Throws an `Error` that says what is wrong with it. */
export function parseServerArgs(args: readonly string[]): ServerArgs {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'ip-addr': { type: 'string', short: 'i', default: '127.0.0.1' },
      'log-levels': { type: 'string', short: 'l' },
      port: { type: 'string', short: 'p', default: '0' },
      'port-file': { type: 'string' },
      ttl: { type: 'string', default: DEFAULT_TTL_S.toString() },
    },
  });
  return {
    address: values['ip-addr'],
    port: wholeNumber('--port', values.port, 65_535),
    portFile: values['port-file'],
    ttlMs: wholeNumber('--ttl', values.ttl, Number.MAX_SAFE_INTEGER / MS_PER_S) * MS_PER_S,
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new Error(`${name} must be a whole number of at most ${max}, not ${text}`);
  }
  return value;
}
