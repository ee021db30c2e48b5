import { Ed25519KeyIdentity } from '@dfinity/identity';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Published with the source: it keeps these keys apart from others', and nothing secret. */
const SALT = utf8ToBytes('localnet development identity, not a secret');
const INFO = utf8ToBytes('Ed25519 seed, version 1');
const SEED_BYTES = 32;

export type LoginMethod = 'passkey' | 'google' | 'apple' | 'microsoft';

/** Somebody, to one app. Each part makes another key. */
export interface PersonAtApp {
  readonly method: LoginMethod;
  /** A name or an e-mail address, in any case and spacing. */
  readonly person: string;
  /** The app's origin, or the one it derives its identities from. */
  readonly origin: string;
}

/** The person's key for that app: always the same, and no secret. */
export function personKey({ method, person, origin }: PersonAtApp): Ed25519KeyIdentity {
  const material = utf8ToBytes(JSON.stringify([method, sameSpelling(person), origin]));
  return Ed25519KeyIdentity.generate(hkdf(sha256, material, SALT, INFO, SEED_BYTES));
}

/** One spelling for all ways to type the same name. */
export function sameSpelling(person: string): string {
  return person.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}
