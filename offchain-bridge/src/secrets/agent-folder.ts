import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';

/** All that a bridge has to keep; several processes may share it. Nothing of it is ever shown. */
export interface AgentKeys {
  /** Of its principal: an Ed25519 key as PKCS #8 PEM. */
  readonly identityPem: string;
  /** `AGE-SECRET-KEY-1…`. */
  readonly ageIdentity: string;
  /** `age1…`: what sellers and renters seal to. Not secret. */
  readonly ageRecipient: string;
  /** 32 bytes that all secrets of rentals are derived from. */
  readonly seed: Uint8Array;
}

export type AgentFolderOutcome =
  | { readonly kind: 'ok'; readonly keys: AgentKeys }
  /** Each problem says how to mend it. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const IDENTITY_FILE = 'identity.pem';
const AGE_FILE = 'age.key';
const SEED_FILE = 'seed';
const FILES = [IDENTITY_FILE, AGE_FILE, SEED_FILE] as const;

const SEED_BYTES = 32;
const PERMISSIONS = 0o777;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Makes a folder with new keys, for its owner only. Keys that are there stay: rejects if there is
 * anything of that name.
 */
export async function createAgentFolder(folder: string): Promise<AgentKeys> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await chmod(folder, FOLDER_MODE);
  const { privateKey } = generateKeyPairSync('ed25519');
  const identityPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const ageIdentity = await generateX25519Identity();
  const seed = randomBytes(SEED_BYTES);
  const options = { mode: FILE_MODE, flag: 'wx' };
  await writeFile(join(folder, IDENTITY_FILE), identityPem, options);
  await writeFile(join(folder, AGE_FILE), `${ageIdentity}\n`, options);
  await writeFile(join(folder, SEED_FILE), `${seed.toString('hex')}\n`, options);
  return { identityPem, ageIdentity, ageRecipient: await identityToRecipient(ageIdentity), seed };
}

/** Reads the keys, if they are whole and nobody but their owner can read or change them. */
export async function readAgentFolder(folder: string): Promise<AgentFolderOutcome> {
  const access = [
    await accessProblem(folder, { isFolder: true, mode: FOLDER_MODE }),
    ...(await Promise.all(
      FILES.map((file) => accessProblem(join(folder, file), { isFolder: false, mode: FILE_MODE })),
    )),
  ].filter((problem) => problem !== undefined);
  if (access.length > 0) return { kind: 'invalid', problems: access };
  const [identityPem = '', age = '', seedHex = ''] = await Promise.all(
    FILES.map((file) => readFile(join(folder, file), 'utf8')),
  );
  const ageIdentity = age.trim();
  const ageRecipient = await recipientOf(ageIdentity);
  const problems: string[] = [];
  if (!isEd25519(identityPem)) problems.push(`${IDENTITY_FILE} is no Ed25519 key (PKCS #8 PEM)`);
  if (ageRecipient === undefined) problems.push(`${AGE_FILE} is no age identity`);
  if (!/^[0-9a-f]{64}\s*$/i.test(seedHex))
    problems.push(`${SEED_FILE} is not 64 hexadecimal digits`);
  if (problems.length > 0 || ageRecipient === undefined) {
    const remedy = 'put the copy of it back, or make a new folder with offchain-bridge init';
    return { kind: 'invalid', problems: problems.map((it) => `${folder}: ${it}: ${remedy}`) };
  }
  const seed = Uint8Array.from(Buffer.from(seedHex.trim(), 'hex'));
  return { kind: 'ok', keys: { identityPem, ageIdentity, ageRecipient, seed } };
}

async function accessProblem(
  path: string,
  wanted: { readonly isFolder: boolean; readonly mode: number },
): Promise<string | undefined> {
  const stats = await lstat(path).catch(missing);
  const isRight = wanted.isFolder ? stats?.isDirectory() : stats?.isFile();
  if (stats === undefined || isRight !== true) {
    const what = wanted.isFolder ? 'folder' : 'file';
    return `${path}: there is no such ${what}: make one with offchain-bridge init`;
  }
  const owner = process.getuid?.();
  if (owner !== undefined && stats.uid !== owner) {
    return `${path}: belongs to another user: chown ${owner.toString()} ${path}`;
  }
  const mode = stats.mode & PERMISSIONS;
  if ((mode & ~wanted.mode) === 0) return undefined;
  const [is, should] = [mode, wanted.mode].map((bits) => bits.toString(8));
  return `${path}: others may read or change it (mode ${is ?? ''}): chmod ${should ?? ''} ${path}`;
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

async function recipientOf(ageIdentity: string): Promise<string | undefined> {
  try {
    return await identityToRecipient(ageIdentity);
  } catch {
    return undefined;
  }
}
