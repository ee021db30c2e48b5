import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** An Ed25519 key pair in the forms that SSH programs take. */
export interface SshKeyPair {
  /** `openssh-key-v1` PEM without a passphrase, with a line end. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicLine: string;
  /** `SHA256:…`, as ssh prints it. */
  readonly fingerprint: string;
}

const TYPE = 'ssh-ed25519';
const SEED_BYTES = 32;
const BLOCK_BYTES = 8;
const PEM_WIDTH = 70;
/** All of a PKCS #8 Ed25519 key but its seed. Source: RFC 8410 §7. */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key pair of a seed of 32 bytes; always the same bytes for the same seed.
 * Source: RFC 8032 §5.1.5, RFC 8709 §4, OpenSSH `PROTOCOL.key`.
 */
export function sshKeyPair(seed: Uint8Array): SshKeyPair {
  if (seed.length !== SEED_BYTES) throw new RangeError('the seed of a key is 32 bytes');
  const publicKey = publicKeyOf(seed);
  const blob = publicBlob(publicKey);
  return {
    privateKey: privatePem(seed, publicKey),
    publicLine: `${TYPE} ${blob.toString('base64')}`,
    fingerprint: fingerprintOf(blob),
  };
}

/** `SHA256:` and base64 without padding, of a public key as SSH sends it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;
}

function publicKeyOf(seed: Uint8Array): Buffer {
  const key = Buffer.concat([PKCS8_START, seed]);
  const { x } = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x ?? '', 'base64url');
}

function publicBlob(publicKey: Buffer): Buffer {
  return Buffer.concat([sized(Buffer.from(TYPE)), sized(publicKey)]);
}

/** OpenSSH repeats a random number to see whether it has decrypted rightly; here it is never secret. */
function privatePem(seed: Uint8Array, publicKey: Buffer): string {
  const check = createHash('sha256').update(publicKey).digest().subarray(0, 4);
  const secret = [check, check, publicBlob(publicKey), sized(Buffer.concat([seed, publicKey]))];
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sized(Buffer.from('none')),
    sized(Buffer.from('none')),
    sized(Buffer.alloc(0)),
    uint32(1),
    sized(publicBlob(publicKey)),
    sized(padded(Buffer.concat([...secret, sized(Buffer.alloc(0))]))),
  ]);
  const lines =
    file.toString('base64').match(new RegExp(`.{1,${PEM_WIDTH.toString()}}`, 'g')) ?? [];
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return [begin, ...lines, end, ''].join('\n');
}

/** To a multiple of 8 bytes, with 1, 2, 3, … */
function padded(bytes: Buffer): Buffer {
  const missing = (BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([bytes, Uint8Array.from({ length: missing }, (_, index) => index + 1)]);
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
