import type { CborInput } from './cbor.ts';
import { EMPTY, fork, labeled, leaf, pruned, type HashTree } from './hash-tree.ts';

const NODE = { empty: 0, fork: 1, labeled: 2, leaf: 3, pruned: 4 } as const;
const HASH_BYTES = 32;

/** The input is not the CBOR form of a hash tree. */
export class HashTreeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HashTreeError';
  }
}

/** Nested arrays as the IC encodes trees. Source: IC spec, "Encoding of certificates" (CDDL). */
export function hashTreeToCbor(tree: HashTree): CborInput {
  switch (tree.kind) {
    case 'empty':
      return [NODE.empty];
    case 'fork':
      return [NODE.fork, hashTreeToCbor(tree.left), hashTreeToCbor(tree.right)];
    case 'labeled':
      return [NODE.labeled, tree.label, hashTreeToCbor(tree.child)];
    case 'leaf':
      return [NODE.leaf, tree.value];
    case 'pruned':
      return [NODE.pruned, tree.hash];
  }
}

/** Rebuilds a tree, with its hashes, from decoded CBOR. */
export function hashTreeFromCbor(value: unknown): HashTree {
  if (!Array.isArray(value)) throw new HashTreeError('tree node is not an array');
  const [tag, ...parts] = value as readonly unknown[];
  switch (tag) {
    case NODE.empty:
      assertParts(parts, 0);
      return EMPTY;
    case NODE.fork:
      assertParts(parts, 2);
      return fork(hashTreeFromCbor(parts[0]), hashTreeFromCbor(parts[1]));
    case NODE.labeled:
      assertParts(parts, 2);
      return labeled(blob(parts[0]), hashTreeFromCbor(parts[1]));
    case NODE.leaf:
      assertParts(parts, 1);
      return leaf(blob(parts[0]));
    case NODE.pruned:
      assertParts(parts, 1);
      return pruned(hash(parts[0]));
    default:
      throw new HashTreeError('unknown tree node');
  }
}

function assertParts(parts: readonly unknown[], count: number): void {
  if (parts.length !== count) throw new HashTreeError('wrong number of parts in a tree node');
}

function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new HashTreeError('tree part is not a blob');
  return value;
}

function hash(value: unknown): Uint8Array {
  const bytes = blob(value);
  if (bytes.length !== HASH_BYTES) throw new HashTreeError('pruned hash is not 32 bytes');
  return bytes;
}
