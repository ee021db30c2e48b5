import { Principal } from '@dfinity/principal';
import { blsKeyFromSeed } from '../crypto/bls.ts';
import { sha256, utf8 } from '../crypto/bytes.ts';
import { blsKeyToDer } from '../crypto/der.ts';
import { ed25519KeyFromSeed, type Ed25519Key } from '../crypto/ed25519.ts';

/** The keys of the one subnet, which is the root subnet, and of its one node. */
export interface SubnetKeys {
  readonly subnetId: Principal;
  /** DER-encoded BLS key, 133 bytes: certificates verify against it. */
  readonly rootKeyDer: Uint8Array;
  /** BLS signature of 48 bytes under the root key; about 7 ms. */
  sign(message: Uint8Array): Uint8Array;
  readonly nodeId: Principal;
  /** Signs query responses. */
  readonly nodeKey: Ed25519Key;
}

/** The same seed always gives the same network: root key, subnet id and node id. */
export function createSubnetKeys(seed: Uint8Array): SubnetKeys {
  const blsKey = blsKeyFromSeed(sha256(utf8('localnet root key'), seed));
  const nodeKey = ed25519KeyFromSeed(sha256(utf8('localnet node key'), seed));
  const rootKeyDer = blsKeyToDer(blsKey.publicKey);
  return {
    subnetId: Principal.selfAuthenticating(rootKeyDer),
    rootKeyDer,
    sign: (message) => blsKey.sign(message),
    nodeId: Principal.selfAuthenticating(nodeKey.publicKeyDer),
    nodeKey,
  };
}
