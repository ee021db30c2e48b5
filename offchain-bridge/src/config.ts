import { existsSync, readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { JOB_TIMING } from './core/job-timing.ts';
import type { LogLevel } from './observe/pino-log.ts';

const PORT_MAX = 65_535;
const JOBS_MAX = 200;
const JOBS_USUAL = 50;
const SCRIPT_LIMIT_MS = { least: 1_000, most: 6 * 3_600_000 };
const POLL_MIN_MS = 200;
const POLL_MAX_MS = 60_000;

const port = z.coerce.number().int().min(0).max(PORT_MAX);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Names of the file; the environment has the same in capitals with `BRIDGE_` before them. */
const schema = z.strictObject({
  dir: z.string().min(1).default('bridge-keys'),
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(8_090),
  network_url: z.url({ protocol: /^https?$/ }).default('https://icp-api.io'),
  root_key: z
    .string()
    .regex(/^[0-9a-f]+$/i, 'must be hexadecimal')
    .optional(),
  rental_canister: z.string().min(1),
  worker: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible characters')
    .optional(),
  capacity: z.coerce.number().int().min(1).max(JOBS_MAX).default(JOBS_USUAL),
  poll_ms: z.coerce.number().int().min(POLL_MIN_MS).max(POLL_MAX_MS).default(2_000),
  ssh_port: port.min(1).default(22),
  script_limit_ms: z.coerce
    .number()
    .int()
    .min(SCRIPT_LIMIT_MS.least)
    .max(SCRIPT_LIMIT_MS.most)
    .default(JOB_TIMING.scriptLimitMs),
  hetzner_url: z.url({ protocol: /^https?$/ }).default('https://api.hetzner.cloud/v1'),
  hetzner_enabled: flag.default(true),
  jobs_enabled: flag.default(true),
  health_enabled: flag.default(true),
  catalogue_enabled: flag.default(true),
  sweep_enabled: flag.default(true),
  sweep_every_ms: z.coerce.number().int().min(POLL_MIN_MS).default(300_000),
  log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** What a bridge runs with. */
export interface BridgeConfig {
  /** The folder of its keys: see `offchain-bridge init`. */
  readonly dir: string;
  /** Where its pages are. Port 0 lets the system choose one. */
  readonly http: { readonly host: string; readonly port: number };
  readonly network: {
    readonly url: string;
    /** Of a network that is not the Internet Computer itself. */
    readonly rootKeyHex: string | undefined;
    readonly rentalId: string;
  };
  /** Tells the processes of one identity apart; chosen at start if undefined. */
  readonly worker: string | undefined;
  /** Jobs in hand at most. */
  readonly capacity: number;
  /** How long an idle bridge waits before it asks for jobs again. */
  readonly pollMs: number;
  /** Where new machines answer SSH. */
  readonly sshPort: number;
  /** How long a recipe's script may run. */
  readonly scriptLimitMs: number;
  readonly hetzner: { readonly url: string; readonly isEnabled: boolean };
  readonly isEnabled: {
    readonly jobs: boolean;
    readonly health: boolean;
    readonly catalogue: boolean;
    readonly sweep: boolean;
  };
  /** How often servers are compared with the canister's books. */
  readonly sweepEveryMs: number;
  readonly logLevel: LogLevel;
}

export type ConfigOutcome =
  | { readonly kind: 'ok'; readonly config: BridgeConfig; readonly warnings: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: string };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from a YAML file, if one is named, and from the environment, which wins. An
 * invalid one names every problem and how its name is spelled.
 */
export function readConfig(env: Env, file: string | undefined): ConfigOutcome {
  const read = file === undefined ? { kind: 'ok' as const, values: {} } : readFile(file);
  if (read.kind === 'invalid') return read;
  const parsed = schema.safeParse({ ...read.values, ...fromEnv(env) });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
    );
    return { kind: 'invalid', problems: `${problems.join('\n')}\n${WHERE}` };
  }
  return { kind: 'ok', config: configOf(parsed.data), warnings: warningsOf(parsed.data) };
}

const WHERE = 'Set it in the file of --config, or as BRIDGE_<NAME> in the environment.';

type FileOutcome =
  | { readonly kind: 'ok'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly problems: string };

function readFile(file: string): FileOutcome {
  if (!existsSync(file)) return { kind: 'invalid', problems: `There is no file ${file}.` };
  try {
    const values = z
      .record(z.string(), z.unknown())
      .nullable()
      .parse(parse(readFileSync(file, 'utf8')));
    return { kind: 'ok', values: values ?? {} };
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof z.ZodError) {
      return { kind: 'invalid', problems: `${file} is not a YAML file of names and values.` };
    }
    throw error;
  }
}

function fromEnv(env: Env): Record<string, string> {
  const names = Object.keys(schema.shape);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[`BRIDGE_${name.toUpperCase()}`];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function configOf(raw: z.infer<typeof schema>): BridgeConfig {
  return {
    dir: raw.dir,
    http: { host: raw.host, port: raw.port },
    network: { url: raw.network_url, rootKeyHex: raw.root_key, rentalId: raw.rental_canister },
    worker: raw.worker,
    capacity: raw.capacity,
    pollMs: raw.poll_ms,
    sshPort: raw.ssh_port,
    scriptLimitMs: raw.script_limit_ms,
    hetzner: { url: raw.hetzner_url, isEnabled: raw.hetzner_enabled },
    isEnabled: {
      jobs: raw.jobs_enabled,
      health: raw.health_enabled,
      catalogue: raw.catalogue_enabled,
      sweep: raw.sweep_enabled,
    },
    sweepEveryMs: raw.sweep_every_ms,
    logLevel: raw.log_level,
  };
}

function warningsOf(raw: z.infer<typeof schema>): readonly string[] {
  if (loopback.has(raw.host)) return [];
  return [
    `The pages of this bridge are open to whoever reaches ${raw.host}:${raw.port.toString()}: ` +
      'they hold no secrets, but say what it is doing. Put a proxy with a login before them.',
  ];
}
