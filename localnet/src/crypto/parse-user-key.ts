import { CANISTER_SIGNATURE_OID, parseCanisterKey } from './canister-key.ts';
import { DerError, parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './der.ts';
import { parsePlainKey } from './plain-key.ts';
import { SignatureError, type UserKey } from './user-key.ts';
import { COSE_OID, parseWebAuthnKey } from './webauthn-key.ts';

/**
 * A public key that requests and delegations may be signed with: Ed25519, ECDSA on P-256 or
 * secp256k1, a canister's, or an authenticator's. Canister signatures are checked against
 * `rootKeyDer`.
 *
 * Errors: `SignatureError` for anything else.
 * Source: IC interface spec, "Signatures".
 */
export function parseUserKey(der: Uint8Array, rootKeyDer: Uint8Array): UserKey {
  const plain = parsePlainKey(der);
  if (plain !== undefined) return plain;
  const info = parseInfo(der);
  switch (info.algorithmHex) {
    case CANISTER_SIGNATURE_OID:
      return parseCanisterKey(info, rootKeyDer);
    case COSE_OID:
      return parseWebAuthnKey(info);
    default:
      throw new SignatureError('public-key', 'unsupported public key algorithm');
  }
}

function parseInfo(der: Uint8Array): SubjectPublicKeyInfo {
  try {
    return parseSubjectPublicKeyInfo(der);
  } catch (error) {
    if (error instanceof DerError) throw new SignatureError('public-key', error.message);
    throw error;
  }
}
