/**
 * Seals bytes so that only the owner of an age recipient (`age1…`) can read them, in the format of the
 * `age` command. Its code is loaded when it is first needed. Throws if the recipient is malformed.
 */
export async function sealTo(recipient: string, plain: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/** Opens what was sealed to an age identity (`AGE-SECRET-KEY-1…`). Throws if it was sealed to another. */
export async function openWith(ageIdentity: string, sealed: Uint8Array): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(ageIdentity);
  return decrypter.decrypt(sealed);
}

/** The public half of an age identity: others seal to it. */
export async function recipientOf(ageIdentity: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  return identityToRecipient(ageIdentity);
}

/** A new random age identity (X25519). */
export async function newAgeIdentity(): Promise<string> {
  const { generateX25519Identity } = await import('age-encryption');
  return generateX25519Identity();
}

export interface PassphraseFile {
  readonly text: string;
  readonly passphrase: string;
  /** log2 of scrypt's cost; more takes longer, for those who guess too. */
  readonly workFactor?: number;
}

/** OWASP's least for scrypt: 128 MiB and about a second on a phone. */
const WORK_FACTOR = 17;

/** The `age --passphrase` form of a text: opened on any computer by who knows the passphrase. */
export async function sealWithPassphrase(file: PassphraseFile): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.setPassphrase(file.passphrase);
  encrypter.setScryptWorkFactor(file.workFactor ?? WORK_FACTOR);
  return encrypter.encrypt(file.text);
}

/** The text, or undefined for a wrong passphrase. Throws if it is no such file. */
export async function openWithPassphrase(
  sealed: Uint8Array,
  passphrase: string,
): Promise<string | undefined> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decrypt(sealed, 'text');
  } catch (error) {
    if (error instanceof Error && NO_MATCH.test(error.message)) return undefined;
    throw error;
  }
}

/** What age-encryption says when no identity, or no passphrase, fits. */
const NO_MATCH = /no identity matched/;
