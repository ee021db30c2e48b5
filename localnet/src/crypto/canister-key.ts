import { Principal } from '@dfinity/principal';
import { equalBytes, sha256, utf8 } from './bytes.ts';
import { CborError, decodeCbor } from './cbor.ts';
import { verifiedTree } from './certificate.ts';
import type { SubjectPublicKeyInfo } from './der.ts';
import type { HashTree } from './hash-tree.ts';
import { HashTreeError, hashTreeFromCbor } from './hash-tree-cbor.ts';
import { isWellFormed, lookupPath, type Path } from './tree-lookup.ts';
import { SignatureError, type UserKey } from './user-key.ts';

/** 1.3.6.1.4.1.56387.1.2 */
export const CANISTER_SIGNATURE_OID = '2b0601040183b8430102';
const MAX_PRINCIPAL_BYTES = 29;

/**
 * A key whose signatures a canister makes by certifying them.
 *
 * Errors: `SignatureError` for a malformed key.
 * Source: IC interface spec, "Canister signatures".
 */
export function parseCanisterKey(info: SubjectPublicKeyInfo, rootKeyDer: Uint8Array): UserKey {
  const idLength = info.key[0];
  if (idLength === undefined || idLength > MAX_PRINCIPAL_BYTES || info.key.length <= idLength) {
    throw new SignatureError('public-key', 'malformed canister signature public key');
  }
  const canisterId = info.key.slice(1, 1 + idLength);
  const seedHash = sha256(info.key.subarray(1 + idLength));
  return {
    signingCanister: Principal.fromUint8Array(canisterId),
    verify: (payload, signature) => {
      const { certificate, tree } = parseSignature(signature);
      const path: Path = [utf8('sig'), seedHash, sha256(payload)];
      if (!isWellFormed(tree) || !holdsNothing(tree, path)) {
        throw invalid('the signature tree does not hold this payload');
      }
      const state = certifiedState(certificate, rootKeyDer);
      const dataPath: Path = [utf8('canister'), canisterId, utf8('certified_data')];
      const certified = lookupPath(dataPath, state);
      if (certified.kind !== 'found' || !equalBytes(certified.value, tree.hash)) {
        throw invalid('the canister has not certified the signature tree');
      }
    },
  };
}

function parseSignature(signature: Uint8Array): { certificate: Uint8Array; tree: HashTree } {
  const fields = orInvalid(() => decodeCbor(signature));
  if (!(fields instanceof Map)) throw invalid('not a CBOR map');
  const certificate: unknown = fields.get('certificate');
  if (!(certificate instanceof Uint8Array)) throw invalid('no certificate');
  return { certificate, tree: orInvalid(() => hashTreeFromCbor(fields.get('tree'))) };
}

function certifiedState(certificate: Uint8Array, rootKeyDer: Uint8Array): HashTree {
  return orInvalid(() => verifiedTree(certificate, rootKeyDer));
}

/** A signature is a path with an empty value at its end. */
function holdsNothing(tree: HashTree, path: Path): boolean {
  const found = lookupPath(path, tree);
  return found.kind === 'found' && found.value.length === 0;
}

function orInvalid<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CborError || error instanceof HashTreeError) throw invalid(error.message);
    throw error;
  }
}

function invalid(message: string): SignatureError {
  return new SignatureError('signature', `Invalid canister signature: ${message}`);
}
