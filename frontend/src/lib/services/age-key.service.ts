import { bech32 } from '@scure/base';

const INFO = 'decent-cloud/age/v1';
const KEY_BITS = 256;

/**
 * The age identity of who signs in with a seed phrase: HKDF-SHA256 over the BIP-39 seed (64 bytes), so
 * that the same phrase opens the same secrets everywhere.
 */
export async function ageIdentityOfSeed(seed: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(INFO);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const bits = await crypto.subtle.deriveBits(how, key, KEY_BITS);
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', new Uint8Array(bits)).toUpperCase();
}
