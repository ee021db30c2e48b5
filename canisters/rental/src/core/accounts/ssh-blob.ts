import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/**
 * Public keys in the form of the SSH protocol: strings and whole numbers, each after its length in
 * four bytes. A blob must be exactly a key of its type, with nothing behind it.
 * Source: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH `PROTOCOL.u2f`.
 */
type CheckKey = (reader: BlobReader) => string | undefined;

const ED25519_BYTES = 32;
const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 8_192;
const MAX_EXPONENT_BITS = 64;
const MAX_APPLICATION_BYTES = 64;
/** How a point that is not compressed begins. Source: SEC 1 §2.3.3. */
const UNCOMPRESSED = 4;

const CHECKS: Readonly<Record<string, CheckKey>> = {
  'ssh-ed25519': ed25519,
  'ssh-rsa': rsa,
  'ecdsa-sha2-nistp256': (reader) => ecdsa(reader, { curve: 'nistp256', bytes: 32 }),
  'ecdsa-sha2-nistp384': (reader) => ecdsa(reader, { curve: 'nistp384', bytes: 48 }),
  'ecdsa-sha2-nistp521': (reader) => ecdsa(reader, { curve: 'nistp521', bytes: 66 }),
  'sk-ssh-ed25519@openssh.com': (reader) => ed25519(reader) ?? application(reader),
  'sk-ecdsa-sha2-nistp256@openssh.com': (reader) =>
    ecdsa(reader, { curve: 'nistp256', bytes: 32 }) ?? application(reader),
};

/** The types of keys that are taken, as `authorized_keys` spells them. */
export const SSH_KEY_TYPES: readonly string[] = Object.keys(CHECKS);

/** Accepts a blob that is a key of that type, or says what is wrong with it. */
export function checkSshBlob(type: string, blob: Uint8Array): Result<null, string> {
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (check === undefined) return err(`is no type of key that is taken`);
  const reader = new BlobReader(blob);
  if (reader.text() !== type) return err(`is not the key that its first word says`);
  const trouble = check(reader);
  if (trouble !== undefined) return err(trouble);
  return reader.isAtEnd() ? ok(null) : err('has bytes behind the key');
}

function ed25519(reader: BlobReader): string | undefined {
  const point = reader.string();
  return point?.length === ED25519_BYTES ? undefined : `is not ${ED25519_BYTES} bytes long`;
}

function rsa(reader: BlobReader): string | undefined {
  const exponent = reader.positive();
  const modulus = reader.positive();
  if (exponent === undefined || modulus === undefined) return 'is cut off or malformed';
  const bits = bitsOf(modulus);
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
    return `has ${bits} bits: RSA keys must have ${MIN_RSA_BITS} to ${MAX_RSA_BITS}`;
  }
  const isEven = ((modulus.at(-1) ?? 0) & 1) === 0 || ((exponent.at(-1) ?? 0) & 1) === 0;
  const exponentBits = bitsOf(exponent);
  const isUsable = !isEven && exponentBits > 1 && exponentBits <= MAX_EXPONENT_BITS;
  return isUsable ? undefined : 'is no RSA key that can be used';
}

function ecdsa(
  reader: BlobReader,
  of: { readonly curve: string; readonly bytes: number },
): string | undefined {
  if (reader.text() !== of.curve) return `is not on the curve ${of.curve}`;
  const point = reader.string();
  const isPoint = point?.length === 1 + 2 * of.bytes && point[0] === UNCOMPRESSED;
  return isPoint ? undefined : `holds no point of the curve ${of.curve}`;
}

/** What a security key made the key for: `ssh:` or a name of its owner. */
function application(reader: BlobReader): string | undefined {
  const name = reader.string();
  const isName = name !== undefined && name.length > 0 && name.length <= MAX_APPLICATION_BYTES;
  return isName ? undefined : 'is for no application';
}

function bitsOf(bytes: Uint8Array): number {
  const [first] = bytes;
  return first === undefined ? 0 : 8 * bytes.length - (Math.clz32(first) - 24);
}

/** Reads a blob from its start; what is cut off is undefined, and so is all after it. */
class BlobReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  string(): Uint8Array | undefined {
    const start = this.#at + 4;
    if (start > this.#bytes.length) return undefined;
    const end = start + this.#view.getUint32(this.#at);
    if (end > this.#bytes.length) return undefined;
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  text(): string | undefined {
    const bytes = this.string();
    return bytes === undefined ? undefined : String.fromCharCode(...bytes.subarray(0, 64));
  }

  /** A number above zero, without the zero byte that keeps it positive. In its shortest form only. */
  positive(): Uint8Array | undefined {
    const bytes = this.string();
    const [first, second] = bytes ?? [];
    if (bytes === undefined || first === undefined || first >= 0x80) return undefined;
    if (first !== 0) return bytes;
    return second !== undefined && second >= 0x80 ? bytes.subarray(1) : undefined;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}
