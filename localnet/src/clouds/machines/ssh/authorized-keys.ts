/** A key that may log in, and what it may do then. */
export interface AuthorizedKey {
  readonly type: string;
  /** As SSH sends it. */
  readonly blob: Buffer;
  /** Runs instead of whatever was asked for. */
  readonly forcedCommand: string | undefined;
  /** Not from this moment on. */
  readonly expiresAtMs: number | undefined;
}

export interface ReadKeys {
  readonly keys: readonly AuthorizedKey[];
  /** Lines, counted from 1, that give nobody access, and why. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

const KEY_TYPE = /^(ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** `name` or `name="text"`, in which `\"` is a quotation mark. */
const OPTION = /^([A-Za-z0-9-]+)(?:="((?:[^"\\]|\\.)*)")?(,?)/;
const EXPIRY = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z?$/;

/** They restrict or grant what this server never offers: terminals, forwarding, an agent, X11. */
const WITHOUT_EFFECT = new Set([
  ...['restrict', 'pty', 'no-pty', 'port-forwarding', 'no-port-forwarding', 'agent-forwarding'],
  ...['no-agent-forwarding', 'x11-forwarding', 'no-x11-forwarding', 'user-rc', 'no-user-rc'],
  ...['permitopen', 'permitlisten', 'tunnel', 'no-touch-required'],
]);

type Line = AuthorizedKey | { readonly problem: string } | undefined;

/**
 * Reads authorized_keys. A line with an option that is not known, or that this server cannot keep,
 * gives no access, as OpenSSH does it. Times without `Z` are UTC, the machine's zone.
 * Source: sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
 */
export function readAuthorizedKeys(text: string): ReadKeys {
  const keys: AuthorizedKey[] = [];
  const problems: { line: number; reason: string }[] = [];
  text.split('\n').forEach((line, index) => {
    const read = readLine(line.trim());
    if (read === undefined) return;
    if ('problem' in read) problems.push({ line: index + 1, reason: read.problem });
    else keys.push(read);
  });
  return { keys, problems };
}

function readLine(line: string): Line {
  if (line === '' || line.startsWith('#')) return undefined;
  if (isKey(line)) return keyOf(line, new Map());
  const options = readOptions(line);
  if (options === undefined) return { problem: 'cannot be read' };
  const expiry = options.values.get('expiry-time');
  if (expiry !== undefined && timeOf(expiry) === undefined) return { problem: 'bad expiry-time' };
  return keyOf(options.rest, options.values);
}

function isKey(line: string): boolean {
  return KEY_TYPE.test(line.split(/\s+/, 1)[0] ?? '');
}

function readOptions(
  line: string,
): { values: Map<string, string | undefined>; rest: string } | undefined {
  const values = new Map<string, string | undefined>();
  let rest = line;
  for (;;) {
    const [all, name, value, comma] = OPTION.exec(rest) ?? [];
    if (all === undefined || name === undefined) return undefined;
    values.set(name.toLowerCase(), value?.replaceAll(String.raw`\"`, '"'));
    rest = rest.slice(all.length);
    if (comma !== ',') break;
  }
  return /^\s/.test(rest) ? { values, rest: rest.trim() } : undefined;
}

function keyOf(text: string, options: ReadonlyMap<string, string | undefined>): Line {
  const [type = '', base64 = ''] = text.split(/\s+/);
  if (!KEY_TYPE.test(type) || !BASE64.test(base64)) return { problem: 'holds no key' };
  const strange = [...options.keys()].find((name) => !isKnown(name));
  if (strange !== undefined) return { problem: `the option ${strange} is not supported` };
  const expiry = options.get('expiry-time');
  return {
    type,
    blob: Buffer.from(base64, 'base64'),
    forcedCommand: options.get('command'),
    expiresAtMs: expiry === undefined ? undefined : timeOf(expiry),
  };
}

function isKnown(option: string): boolean {
  return WITHOUT_EFFECT.has(option) || option === 'command' || option === 'expiry-time';
}

function timeOf(text: string): number | undefined {
  const match = EXPIRY.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const timeMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // A 30th of February would be another day.
  const digits = new Date(timeMs).toISOString().replaceAll(/\D/g, '');
  const isReal = digits.startsWith(text.replace('Z', ''));
  return isReal ? timeMs : undefined;
}
