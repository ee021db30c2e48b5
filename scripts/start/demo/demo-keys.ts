import { hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { bech32 } from '@scure/base';
import { generateMnemonic, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english';
import { identityToRecipient } from 'age-encryption';

const OWNER_ONLY = 0o600;
const AGE_KEY_BYTES = 32;

/** Somebody who plays a part in the demo market; made once for a state directory. */
export function loadPerson(stateDir: string, name: string): Ed25519KeyIdentity {
  const text = keptIn(join(stateDir, 'demo'), `${name}.json`, () =>
    JSON.stringify(Ed25519KeyIdentity.generate().toJSON()),
  );
  return Ed25519KeyIdentity.fromJSON(text);
}

export interface DemoRenter {
  /** Twelve words: the same wallet in `icp identity import` and in the page. */
  readonly phrase: string;
  readonly identity: Secp256k1KeyIdentity;
  readonly ageIdentity: string;
  readonly ageRecipient: string;
}

/** The renter of the demo, whose keys come from a seed phrase. Made once for a state directory. */
export async function loadRenter(stateDir: string): Promise<DemoRenter> {
  const phrase = keptIn(join(stateDir, 'demo'), 'renter-phrase.txt', () =>
    generateMnemonic(wordlist),
  ).trim();
  const ageIdentity = ageIdentityOf(phrase);
  return {
    phrase,
    identity: Secp256k1KeyIdentity.fromSeedPhrase(phrase),
    ageIdentity,
    ageRecipient: await identityToRecipient(ageIdentity),
  };
}

/** The age key of who signs in with a seed phrase: HKDF-SHA256 over the BIP-39 seed. */
function ageIdentityOf(phrase: string): string {
  const seed = mnemonicToSeedSync(phrase);
  const key = new Uint8Array(hkdfSync('sha256', seed, '', 'decent-cloud/age/v1', AGE_KEY_BYTES));
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', key).toUpperCase();
}

/** The content of a file of that name, made at the first time and kept. */
export function keptIn(folder: string, name: string, make: () => string): string {
  const file = join(folder, name);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  mkdirSync(folder, { recursive: true });
  const text = make();
  writeFileSync(file, text, { mode: OWNER_ONLY });
  return text;
}
