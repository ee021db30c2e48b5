import ssh2, { type ParsedKey } from 'ssh2';
import type { MachineFiles } from '../files/machine-files.ts';

const FOLDER = '/etc/ssh';
const SECRET = 0o600;
const READABLE = 0o644;
const KEY_FILE = /^ssh_host_[a-z0-9]+_key$/;

const PROBE = Buffer.from('probe');

/**
 * A new Ed25519 key in OpenSSH's format and its public line. ssh2 cuts leading zero bytes, so that one
 * key in some hundreds cannot be read: such a one is not handed out.
 */
export function newSshKey(): { readonly privateKey: string; readonly publicLine: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const [secret, open] = [pair.private, pair.public].map((text) => ssh2.utils.parseKey(text));
    if (secret === undefined || secret instanceof Error) continue;
    if (open === undefined || open instanceof Error) continue;
    const isWhole = open.verify(PROBE, secret.sign(PROBE));
    if (isWhole) return { privateKey: pair.private, publicLine: pair.public.trim() };
  }
}

/** Reads a private key in OpenSSH's format; undefined if it is none. */
function readPrivateKey(text: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) return undefined;
  return parsed.isPrivateKey() ? parsed : undefined;
}

/**
 * Writes host keys as cloud-init does, with their public halves: those given, by cloud-init's names
 * (`ed25519_private`), or a new one if none of them can be read. Returns names that could not.
 */
export async function writeHostKeys(
  files: MachineFiles,
  given: ReadonlyMap<string, string>,
): Promise<string[]> {
  const bad: string[] = [];
  const keys = new Map<string, string>();
  for (const [name, text] of given) {
    const type = /^([a-z0-9]+)_private$/.exec(name)?.[1];
    const key = text.endsWith('\n') ? text : `${text}\n`;
    if (type === undefined || readPrivateKey(key) === undefined) bad.push(name);
    else keys.set(type, key);
  }
  if (keys.size === 0) keys.set('ed25519', newSshKey().privateKey);
  for (const [type, text] of keys) {
    const path = `${FOLDER}/ssh_host_${type}_key`;
    await files.write(path, text, { mode: SECRET });
    await files.write(`${path}.pub`, publicLine(text), { mode: READABLE });
  }
  return bad;
}

function publicLine(text: string): string {
  const key = readPrivateKey(text);
  if (key === undefined) throw new Error('a host key that was just read cannot be read');
  return `${key.type} ${key.getPublicSSH().toString('base64')}\n`;
}

/** The keys that sshd would load now. Without a good one a new one is made: the machine answers. */
export async function loadHostKeys(files: MachineFiles): Promise<string[]> {
  const names = (await files.list(FOLDER)).map((entry) => entry.name);
  const texts = await Promise.all(
    names.filter((name) => KEY_FILE.test(name)).map((name) => files.read(`${FOLDER}/${name}`)),
  );
  const keys = texts
    .map((bytes) => bytes?.toString('utf8') ?? '')
    .filter((text) => readPrivateKey(text) !== undefined);
  if (keys.length > 0) return keys;
  await writeHostKeys(files, new Map());
  return loadHostKeys(files);
}
