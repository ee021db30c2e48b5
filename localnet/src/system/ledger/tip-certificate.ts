import { encode } from 'cborg';
import type { NativeContext } from '../../core/native.ts';
import { utf8 } from '../../crypto/bytes.ts';
import { hashTreeToCbor } from '../../crypto/hash-tree-cbor.ts';
import { EMPTY, fork, labeled, leaf, type HashTree } from '../../crypto/hash-tree.ts';
import { encodeUleb128 } from '../../crypto/leb128.ts';
import type { BlockLog } from './core/block-log.ts';

/** The tree ICRC-3 certifies: hash and index of the last block. */
export function tipTree(log: BlockLog): HashTree {
  if (log.tipHash === undefined) return EMPTY;
  return fork(
    labeled(utf8('last_block_hash'), leaf(log.tipHash)),
    labeled(utf8('last_block_index'), leaf(encodeUleb128(BigInt(log.length - 1)))),
  );
}

export function encodeTree(tree: HashTree): Uint8Array {
  return encode(hashTreeToCbor(tree));
}

/** Answer of icrc3_get_tip_certificate; absent where a call cannot carry a certificate. */
export function tipCertificate(
  context: NativeContext,
  log: BlockLog,
): [] | [{ certificate: Uint8Array; hash_tree: Uint8Array }] {
  const certificate = context.dataCertificate();
  return certificate === undefined ? [] : [{ certificate, hash_tree: encodeTree(tipTree(log)) }];
}
