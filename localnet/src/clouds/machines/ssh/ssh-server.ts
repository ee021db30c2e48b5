import ssh2, { type Connection, type PublicKeyAuthContext, type Server } from 'ssh2';
import type { MachineFiles } from '../files/machine-files.ts';
import type { MachineLog } from '../machine-options.ts';
import type { MachineProgram, ProgramRequest } from '../machine-system.port.ts';
import { type AuthorizedKey, readAuthorizedKeys } from './authorized-keys.ts';
import { serveSession } from './ssh-session.ts';

const HOME = '/root';
const FOLDER = `${HOME}/.ssh`;
const KEYS = `${FOLDER}/authorized_keys`;
const WRITABLE_BY_OTHERS = 0o022;
const AUTH_TRIES_MAX = 6;
/** Begins like OpenSSH's: clients take from it in which order it wants the names of a link. */
const IDENT = 'OpenSSH_9.6p1 Ubuntu-3ubuntu13 (simulated)';

export interface SshServerOptions {
  /** Private keys in OpenSSH's format. */
  readonly hostKeys: readonly string[];
  readonly files: MachineFiles;
  readonly run: (request: ProgramRequest) => Promise<MachineProgram>;
  readonly log: MachineLog;
}

/**
 * Answers SSH for one machine. Only root logs in, with a key that its authorized_keys holds at that
 * moment; like sshd, the file counts only if nobody else may write it. There are no passwords, no
 * terminals and no forwarding. Sockets come in by `injectSocket`.
 */
export function makeSshServer(options: SshServerOptions): Server {
  const config = { hostKeys: [...options.hostKeys], ident: IDENT, keepaliveInterval: 0 };
  return new ssh2.Server(config, (client, info) => {
    const from = `${info.ip} ${info.port}`;
    serveClient(options, client, from);
  });
}

function serveClient(options: SshServerOptions, client: Connection, from: string): void {
  let login: AuthorizedKey | undefined;
  let tries = 0;
  // A client that goes away in the middle is nobody's trouble.
  client.on('error', () => client.end());
  client.on('authentication', (context) => {
    if (context.method !== 'publickey' || context.username !== 'root') {
      context.reject(['publickey']);
      return;
    }
    tries += 1;
    if (tries > AUTH_TRIES_MAX) {
      client.end();
      return;
    }
    findKey(options, context).then(
      (key) => {
        if (key === undefined) return context.reject(['publickey']);
        if (context.signature !== undefined) login = key;
        context.accept();
      },
      (error: unknown) => {
        options.log(`a login failed: ${error instanceof Error ? error.message : ''}`);
        context.reject(['publickey']);
      },
    );
  });
  client.on('session', (accept) => {
    if (login !== undefined) serveSession({ ...options, login, from }, accept());
  });
}

/** The first line that lets this key in now, if the client has shown that it has the key. */
async function findKey(
  options: SshServerOptions,
  context: PublicKeyAuthContext,
): Promise<AuthorizedKey | undefined> {
  const text = await readKeys(options);
  const { keys, problems } = readAuthorizedKeys(text);
  for (const { line, reason } of problems) options.log(`authorized_keys line ${line}: ${reason}`);
  const nowMs = Date.now();
  const found = keys.find(
    (key) =>
      key.blob.equals(context.key.data) &&
      (key.expiresAtMs === undefined || nowMs < key.expiresAtMs),
  );
  return found !== undefined && isProven(found, context) ? found : undefined;
}

/** A client may ask whether a key would do before it signs. */
function isProven(
  key: AuthorizedKey,
  { signature, blob, hashAlgo }: PublicKeyAuthContext,
): boolean {
  if (signature === undefined) return true;
  const parsed = ssh2.utils.parseKey(`${key.type} ${key.blob.toString('base64')}`);
  if (parsed instanceof Error || blob === undefined) return false;
  return parsed.verify(blob, signature, hashAlgo);
}

async function readKeys({ files, log }: SshServerOptions): Promise<string> {
  const bytes = await files.read(KEYS);
  if (bytes === undefined) return '';
  for (const path of [HOME, FOLDER, KEYS]) {
    if (((await files.stat(path)).mode & WRITABLE_BY_OTHERS) === 0) continue;
    log(`nobody can log in: others may write ${path}`);
    return '';
  }
  return bytes.toString('utf8');
}
