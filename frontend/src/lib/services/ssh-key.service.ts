import { sha256 } from '@decent-cloud/domain/sha256.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/** A public key as a line of `authorized_keys` says it. */
export interface PublicKey {
  /** Type, key, comment, with single spaces. */
  readonly line: string;
  readonly type: string;
  readonly comment: string;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/** A key pair in the forms that SSH programs take. */
export interface KeyPair {
  readonly publicKey: PublicKey;
  /** `openssh-key-v1` PEM without a passphrase. */
  readonly privatePem: string;
}

const MAX_LINE = 2_000;
const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 8_192;
const ED25519 = 'ssh-ed25519';
const ED25519_BYTES = 32;
const PEM_WIDTH = 70;
const BLOCK_BYTES = 8;
const TYPES = [
  ED25519,
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** Reads what was pasted: the content of a `.pub` file. An error says what to do instead. */
export function parsePublicKey(raw: string): Result<PublicKey, string> {
  const text = raw.trim();
  if (text.includes('PRIVATE KEY')) {
    return err(
      'This is a private key, which nobody but you may have. It stays in this field and goes ' +
        'nowhere: remove it, and paste the file that ends in .pub.',
    );
  }
  if (text.length > MAX_LINE) return err('This is too long for one public key.');
  if (/[\r\n]/.test(text)) return err('One line only: paste one key.');
  const [type = '', body = '', ...comment] = text.split(/[ \t]+/);
  if (!TYPES.includes(type)) {
    return err(
      'A public key begins with ssh-ed25519, ssh-rsa or ecdsa-sha2-… : paste a .pub file.',
    );
  }
  const blob = bytesOfBase64(body);
  const trouble = blob === undefined ? 'is cut off' : blobTrouble(type, blob);
  if (blob === undefined || trouble !== undefined) {
    return err(`The key ${trouble ?? ''}: copy the whole line again.`);
  }
  const said = comment.join(' ');
  const line = `${type} ${body}${said === '' ? '' : ` ${said}`}`;
  return ok({ line, type, comment: said, fingerprint: fingerprintOf(blob) });
}

/**
 * The files of an Ed25519 key pair.
 * Source: RFC 8709 §4, OpenSSH `PROTOCOL.key`.
 */
export function opensshKeyPair(key: {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly comment: string;
}): KeyPair {
  const { seed, publicKey, comment } = key;
  const blob = joined([sized(bytesOf(ED25519)), sized(publicKey)]);
  const fingerprint = fingerprintOf(blob);
  const line = `${ED25519} ${base64Of(blob)}${comment === '' ? '' : ` ${comment}`}`;
  // The number that OpenSSH repeats is to tell a wrong passphrase; here there is none.
  const check = sha256(publicKey).subarray(0, 4);
  const secret = joined([
    check,
    check,
    blob,
    sized(joined([seed, publicKey])),
    sized(bytesOf(comment)),
  ]);
  const file = joined([
    bytesOf('openssh-key-v1\0'),
    sized(bytesOf('none')),
    sized(bytesOf('none')),
    sized(new Uint8Array()),
    uint32(1),
    sized(blob),
    sized(padded(secret)),
  ]);
  return { publicKey: { line, type: ED25519, comment, fingerprint }, privatePem: pemOf(file) };
}

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${base64Of(sha256(blob)).replaceAll('=', '')}`;
}

/** Why the bytes are no key of that type, in words that follow "The key". */
function blobTrouble(type: string, blob: Uint8Array): string | undefined {
  const parts = stringsOf(blob);
  const [name, first, second] = parts ?? [];
  if (name === undefined || first === undefined) return 'is cut off';
  if (new TextDecoder().decode(name) !== type) return 'is not what its first word says';
  if (type.endsWith('ed25519') && first.length !== ED25519_BYTES) return 'has the wrong length';
  if (type !== 'ssh-rsa') return undefined;
  const bits = bitsOf(second ?? new Uint8Array());
  if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS) return undefined;
  return `has ${bits} bits, and RSA keys need ${MIN_RSA_BITS} to ${MAX_RSA_BITS}`;
}

/** A blob is strings, each after its length in four bytes; undefined if it is cut off. RFC 4251 §5. */
function stringsOf(blob: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const strings: Uint8Array[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + view.getUint32(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

function bitsOf(number: Uint8Array): number {
  const start = number.findIndex((byte) => byte !== 0);
  const first = number[start];
  return first === undefined ? 0 : 8 * (number.length - start) - (Math.clz32(first) - 24);
}

function pemOf(file: Uint8Array): string {
  const lines = base64Of(file).match(new RegExp(`.{1,${PEM_WIDTH}}`, 'g')) ?? [];
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return [begin, ...lines, end, ''].join('\n');
}

/** To a multiple of 8 bytes, with 1, 2, 3, … */
function padded(bytes: Uint8Array): Uint8Array {
  const missing = (BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return joined([bytes, Uint8Array.from({ length: missing }, (_, index) => index + 1)]);
}

function sized(bytes: Uint8Array): Uint8Array {
  return joined([uint32(bytes.length), bytes]);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Undefined for anything but whole base64 with its padding. */
function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    return undefined;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
