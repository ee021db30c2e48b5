import { parse } from 'yaml';
import { z } from 'zod';
import { gunzipped } from './user-data.ts';

export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  readonly appends: boolean;
}

/** What a machine does at its first boot. */
export interface CloudConfig {
  readonly hostname: string | undefined;
  /** Private host keys in OpenSSH's format, by cloud-init's names: `ed25519_private`. */
  readonly hostKeys: ReadonlyMap<string, string>;
  /** Lines of authorized_keys by user. */
  readonly authorizedKeys: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly ConfigFile[];
  /** Lines for /bin/sh, in order. */
  readonly commands: readonly string[];
  /** What was left out, and why. */
  readonly problems: readonly string[];
}

export const EMPTY_CONFIG: CloudConfig = {
  hostname: undefined,
  hostKeys: new Map(),
  authorizedKeys: new Map(),
  files: [],
  commands: [],
  problems: [],
};

const ROOT_REFUSAL =
  'no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="echo \'Please login as the ' +
  'user \\"ubuntu\\" rather than the user \\"root\\".\';echo;sleep 10;exit 142" ';

const keyLines = z.union([z.string().transform((line) => [line]), z.array(z.string())]);
const command = z.union([z.string(), z.array(z.coerce.string()).transform(quotedWords)]);
const user = z.looseObject({ name: z.string(), ssh_authorized_keys: keyLines.optional() });
const packageName = z.union([
  z.string(),
  z.array(z.coerce.string()).transform((words) => words.join('=')),
]);
const file = z.looseObject({
  path: z.string().startsWith('/'),
  content: z.coerce.string().default(''),
  encoding: z.string().default('text/plain'),
  permissions: z.union([z.string(), z.number()]).default('0644'),
  append: z.boolean().default(false),
});

/** Each key by itself: a wrong one is left out, as cloud-init leaves it out, and the rest counts. */
const KEYS = {
  hostname: z.string(),
  fqdn: z.string(),
  disable_root: z.boolean(),
  ssh_keys: z.record(z.string(), z.string()),
  ssh_authorized_keys: keyLines,
  users: z.array(z.union([z.string(), user])),
  write_files: z.array(z.unknown()),
  bootcmd: z.array(command),
  runcmd: z.array(command),
  packages: z.array(packageName),
};

/** Known, and of no consequence here. */
const IGNORED = new Set([
  ...['ssh_deletekeys', 'ssh_pwauth', 'chpasswd', 'package_update', 'package_upgrade', 'timezone'],
  ...['locale', 'manage_etc_hosts', 'preserve_hostname', 'growpart', 'resize_rootfs', 'ssh'],
  ...['final_message', 'package_reboot_if_required', 'ssh_genkeytypes', 'no_ssh_fingerprints'],
]);

/**
 * Reads `#cloud-config`, YAML 1.1 as cloud-init takes it. What cannot be read is left out and told in
 * `problems`; text that is no YAML mapping gives an empty configuration, as a real machine boots with
 * nobody's keys. Source: cloud-init, "Module reference".
 */
export function parseCloudConfig(text: string): CloudConfig {
  const problems: string[] = [];
  const document = readYaml(text, problems);
  if (document === undefined) return { ...EMPTY_CONFIG, problems };
  for (const key of Object.keys(document)) {
    if (!(key in KEYS) && !IGNORED.has(key)) problems.push(`${key} is not simulated`);
  }
  function take<K extends keyof typeof KEYS>(key: K): z.infer<(typeof KEYS)[K]> | undefined {
    const value = document?.[key];
    if (value === undefined || value === null) return undefined;
    const parsed = KEYS[key].safeParse(value);
    if (!parsed.success) problems.push(`${key} cannot be read and is left out`);
    // The schema of this very key gave it.
    return parsed.success ? (parsed.data as z.infer<(typeof KEYS)[K]>) : undefined;
  }
  const hostKeys = Object.entries(take('ssh_keys') ?? {});
  return {
    hostname: take('hostname') ?? take('fqdn'),
    hostKeys: new Map(hostKeys.filter(([name]) => name.endsWith('_private'))),
    authorizedKeys: keysByUser({
      root: take('ssh_authorized_keys') ?? [],
      users: take('users') ?? [],
      refusesRoot: take('disable_root') ?? false,
    }),
    files: (take('write_files') ?? []).flatMap((entry) => readFile(entry, problems)),
    commands: [
      ...(take('bootcmd') ?? []),
      ...installing(take('packages') ?? []),
      ...(take('runcmd') ?? []),
    ],
    problems,
  };
}

function readYaml(text: string, problems: string[]): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text, { version: '1.1', logLevel: 'error' });
    const mapping = z.record(z.string(), z.unknown()).safeParse(value);
    if (mapping.success) return mapping.data;
    problems.push('the user data is no mapping');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'no reason';
    problems.push(`the user data is no YAML: ${reason ?? ''}`);
  }
  return undefined;
}

interface KeysOfUsers {
  readonly root: readonly string[];
  readonly users: readonly (string | z.infer<typeof user>)[];
  readonly refusesRoot: boolean;
}

/** Keys without a user are root's: the default user of the clouds that are simulated. */
function keysByUser({ root, users, refusesRoot }: KeysOfUsers): Map<string, string[]> {
  const all = new Map<string, string[]>([['root', [...root]]]);
  for (const entry of users) {
    if (typeof entry === 'string') continue;
    const keys = entry.ssh_authorized_keys ?? [];
    all.set(entry.name, [...(all.get(entry.name) ?? []), ...keys]);
  }
  if (refusesRoot)
    all.set(
      'root',
      (all.get('root') ?? []).map((line) => ROOT_REFUSAL + line),
    );
  return all;
}

function readFile(entry: unknown, problems: string[]): ConfigFile[] {
  const parsed = file.safeParse(entry);
  if (!parsed.success) {
    problems.push('an entry of write_files cannot be read and is left out');
    return [];
  }
  const { path, content, encoding, permissions, append } = parsed.data;
  // A number has been read as octal by YAML 1.1 already.
  const mode = typeof permissions === 'number' ? permissions : Number.parseInt(permissions, 8);
  try {
    const bytes = decoded(content, encoding);
    return [{ path, content: bytes, mode: Number.isNaN(mode) ? 0o644 : mode, appends: append }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason';
    problems.push(`${path} of write_files cannot be decoded: ${reason}`);
    return [];
  }
}

function decoded(content: string, encoding: string): Buffer {
  const words = encoding.toLowerCase().split('+');
  const isBased = words.some((word) => word === 'b64' || word === 'base64');
  const isZipped = words.some((word) => word === 'gz' || word === 'gzip');
  const bytes = Buffer.from(content, isBased ? 'base64' : 'utf8');
  return isZipped ? gunzipped(bytes) : bytes;
}

function installing(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return ['apt-get update', `apt-get install -y ${quotedWords(names)}`];
}

function quotedWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}
