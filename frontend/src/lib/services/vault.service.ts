/** OWASP's least for PBKDF2 with SHA-256; browsers compute it in about a quarter of a second. */
export const VAULT_ITERATIONS = 600_000;
const SALT_BYTES = 16;
/** The only length that AES-GCM takes without hashing it first. Source: NIST SP 800-38D, 8.2. */
const IV_BYTES = 12;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * A secret under a passphrase: PBKDF2-SHA256, then AES-256-GCM. Whose it is and how it was made are
 * authenticated with it, so that neither can be exchanged. This is all that is stored.
 */
export interface VaultEnvelope {
  readonly version: 1;
  readonly principalText: string;
  readonly iterations: number;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

export interface VaultSecret {
  readonly principalText: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly iterations?: number;
}

/** Every call takes a new salt and a new IV, both random. */
export async function sealVault(from: VaultSecret): Promise<VaultEnvelope> {
  const { principalText, secret, passphrase, iterations = VAULT_ITERATIONS } = from;
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const head = { version: 1, principalText, iterations, salt } as const;
  const key = await keyOf(passphrase, head);
  const how = { name: 'AES-GCM', iv, additionalData: additionalData(head) };
  const sealed = await crypto.subtle.encrypt(how, key, new TextEncoder().encode(secret));
  return { ...head, iv, sealed: new Uint8Array(sealed) };
}

/** The secret; undefined for a wrong passphrase, and for an envelope in which anything was changed. */
export async function openVault(
  envelope: VaultEnvelope,
  passphrase: string,
): Promise<string | undefined> {
  const key = await keyOf(passphrase, envelope);
  const how = { name: 'AES-GCM', iv: envelope.iv, additionalData: additionalData(envelope) };
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, envelope.sealed));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
}

/** How long to wait after that many wrong passphrases in a row: 1, 2, 4 … 60 s. */
export function waitAfterMs(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
}

type Head = Pick<VaultEnvelope, 'version' | 'principalText' | 'iterations' | 'salt'>;

async function keyOf(passphrase: string, { iterations, salt }: Head): Promise<CryptoKey> {
  // The same characters may be typed in two ways: NFKC makes them one.
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  const cipher = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(how, base, cipher, false, ['encrypt', 'decrypt']);
}

function additionalData({ version, principalText, iterations }: Head): Uint8Array<ArrayBuffer> {
  const text = `decent-cloud/vault/v${version} PBKDF2-SHA256 ${iterations} ${principalText}`;
  return new TextEncoder().encode(text);
}
