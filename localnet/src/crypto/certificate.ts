import { concatBytes } from '@noble/hashes/utils.js';
import { verifyBls } from './bls.ts';
import { domainSeparator } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { blsKeyFromDer } from './der.ts';
import type { HashTree } from './hash-tree.ts';
import { HashTreeError, hashTreeFromCbor, hashTreeToCbor } from './hash-tree-cbor.ts';

const STATE_ROOT = domainSeparator('ic-state-root');

/** What the subnet key signs to certify a state. */
export function stateRootMessage(rootHash: Uint8Array): Uint8Array {
  return concatBytes(STATE_ROOT, rootHash);
}

/** Source: IC interface spec, "Encoding of certificates". There is one subnet, so no delegation. */
export function encodeCertificate(certificate: {
  readonly tree: HashTree;
  readonly signature: Uint8Array;
}): Uint8Array {
  return encodeCbor({
    tree: hashTreeToCbor(certificate.tree),
    signature: certificate.signature,
  });
}

/**
 * The tree of a certificate signed by the root key itself.
 *
 * Errors: `CborError` or `HashTreeError` if malformed, also when it carries a delegation or its
 * signature does not verify.
 */
export function verifiedTree(certificate: Uint8Array, rootKeyDer: Uint8Array): HashTree {
  const fields = decodeCbor(certificate);
  if (!(fields instanceof Map)) throw new HashTreeError('certificate is not a map');
  const tree = hashTreeFromCbor(fields.get('tree'));
  const signature: unknown = fields.get('signature');
  if (!(signature instanceof Uint8Array)) throw new HashTreeError('certificate has no signature');
  if (fields.has('delegation')) throw new HashTreeError('delegation to an unknown subnet');
  const isValid = verifyBls({
    publicKey: blsKeyFromDer(rootKeyDer),
    message: stateRootMessage(tree.hash),
    signature,
  });
  if (!isValid) throw new HashTreeError('certificate signature does not verify');
  return tree;
}
