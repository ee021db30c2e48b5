import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { concatBytes } from '@noble/hashes/utils.js';
import { equalBytes, sha256, utf8 } from './bytes.ts';
import { CborError, decodeCbor } from './cbor.ts';
import type { SubjectPublicKeyInfo } from './der.ts';
import { SignatureError, type UserKey } from './user-key.ts';

/** 1.3.6.1.4.1.56387.1.1, a DER-wrapped COSE key. */
export const COSE_OID = '2b0601040183b8430101';

/** COSE key parameters and algorithms. Source: RFC 9053, and RFC 8812 for RSA. */
const KEY_TYPE = 1;
const ALGORITHM = 3;
const ES256 = -7;
const EDDSA = -8;
const RS256 = -257;

/** What an authenticator signs with the key. */
interface Assertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJson: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * A key that an authenticator holds: ECDSA P-256, RSA PKCS#1 v1.5 or Ed25519.
 *
 * Errors: `SignatureError` for a malformed or unsupported key.
 * Source: IC interface spec, "Web Authentication".
 */
export function parseWebAuthnKey(info: SubjectPublicKeyInfo): UserKey {
  const { key, hash } = importCoseKey(info.key);
  return {
    signingCanister: undefined,
    verify: (payload, signature) => {
      const assertion = parseAssertion(signature);
      if (!equalBytes(challengeOf(assertion.clientDataJson), payload)) {
        throw invalid('the challenge is not what was to be signed');
      }
      const { authenticatorData, clientDataJson } = assertion;
      const signed = concatBytes(authenticatorData, sha256(clientDataJson));
      if (!verify(hash, signed, key, assertion.signature)) throw invalid('verification failed');
    },
  };
}

function importCoseKey(bytes: Uint8Array): { key: KeyObject; hash: 'sha256' | null } {
  const cose = decodeMap(bytes, 'public-key');
  const algorithm = cose.get(ALGORITHM);
  const jwk = cose.get(KEY_TYPE) === keyTypeOf(algorithm) ? jwkOf(algorithm, cose) : undefined;
  if (jwk === undefined) throw unsupportedKey('unsupported COSE algorithm');
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return { key, hash: algorithm === EDDSA ? null : 'sha256' };
  } catch (error) {
    throw unsupportedKey(error instanceof Error ? error.message : String(error));
  }
}

function keyTypeOf(algorithm: unknown): number | undefined {
  switch (algorithm) {
    case EDDSA:
      return 1;
    case ES256:
      return 2;
    case RS256:
      return 3;
    default:
      return undefined;
  }
}

function jwkOf(algorithm: unknown, cose: ReadonlyMap<unknown, unknown>): JsonWebKey | undefined {
  const part = (label: number): string => base64Url(cose.get(label));
  const curve = cose.get(-1);
  if (algorithm === ES256 && curve === 1) {
    return { kty: 'EC', crv: 'P-256', x: part(-2), y: part(-3) };
  }
  if (algorithm === EDDSA && curve === 6) return { kty: 'OKP', crv: 'Ed25519', x: part(-2) };
  if (algorithm === RS256) return { kty: 'RSA', n: part(-1), e: part(-2) };
  return undefined;
}

function base64Url(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw unsupportedKey('COSE parameter is not a blob');
  return Buffer.from(value).toString('base64url');
}

function parseAssertion(bytes: Uint8Array): Assertion {
  const fields = decodeMap(bytes, 'signature');
  const blob = (name: string): Uint8Array => {
    const value = fields.get(name);
    if (value instanceof Uint8Array) return value;
    throw invalid(`no blob ${name}`);
  };
  const clientData = fields.get('client_data_json');
  return {
    authenticatorData: blob('authenticator_data'),
    clientDataJson: typeof clientData === 'string' ? utf8(clientData) : blob('client_data_json'),
    signature: blob('signature'),
  };
}

function challengeOf(clientDataJson: Uint8Array): Uint8Array {
  const clientData = parseJson(Buffer.from(clientDataJson).toString('utf8'));
  const hasChallenge =
    typeof clientData === 'object' && clientData !== null && 'challenge' in clientData;
  const challenge = hasChallenge ? clientData.challenge : undefined;
  if (typeof challenge !== 'string' || !/^[\w-]*$/.test(challenge)) {
    throw invalid('ClientDataJSON has no challenge');
  }
  return Buffer.from(challenge, 'base64url');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalid(`ClientDataJSON parsing failed with: ${detail}`);
  }
}

function decodeMap(
  bytes: Uint8Array,
  reason: SignatureError['reason'],
): ReadonlyMap<unknown, unknown> {
  try {
    const value = decodeCbor(bytes);
    if (value instanceof Map) return value;
  } catch (error) {
    if (!(error instanceof CborError)) throw error;
    throw new SignatureError(reason, `WebAuthn ${reason} CBOR parsing failed: ${error.message}`);
  }
  throw new SignatureError(reason, `WebAuthn ${reason} is not a CBOR map`);
}

function unsupportedKey(detail: string): SignatureError {
  return new SignatureError('public-key', `malformed COSE public key: ${detail}`);
}

function invalid(message: string): SignatureError {
  return new SignatureError('signature', `Invalid WebAuthn signature: ${message}`);
}
