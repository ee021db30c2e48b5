import { parsePlainKey } from './plain-key.ts';
import { SignatureError, type UserKey } from './user-key.ts';

/**
 * A public key that requests and delegations may be signed with.
 *
 * Errors: `SignatureError` for anything that is not the DER of a supported key.
 * Source: IC interface spec, "Signatures".
 */
export function parseUserKey(der: Uint8Array, _rootKeyDer: Uint8Array): UserKey {
  const key = parsePlainKey(der);
  if (key !== undefined) return key;
  throw new SignatureError('public-key', 'unsupported or malformed public key');
}
