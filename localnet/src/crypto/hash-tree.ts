import { domainSeparator, sha256 } from './bytes.ts';

const EMPTY_SEPARATOR = domainSeparator('ic-hashtree-empty');
const FORK_SEPARATOR = domainSeparator('ic-hashtree-fork');
const LABELED_SEPARATOR = domainSeparator('ic-hashtree-labeled');
const LEAF_SEPARATOR = domainSeparator('ic-hashtree-leaf');

/** A labeled tree of values, parts of which may be replaced by their hash. */
export type HashTree = EmptyTree | ForkTree | LabeledTree | LeafTree | PrunedTree;

export interface EmptyTree {
  readonly kind: 'empty';
  readonly hash: Uint8Array;
}

export interface ForkTree {
  readonly kind: 'fork';
  readonly left: HashTree;
  readonly right: HashTree;
  readonly hash: Uint8Array;
}

export interface LabeledTree {
  readonly kind: 'labeled';
  readonly label: Uint8Array;
  readonly child: HashTree;
  readonly hash: Uint8Array;
}

export interface LeafTree {
  readonly kind: 'leaf';
  readonly value: Uint8Array;
  readonly hash: Uint8Array;
}

export interface PrunedTree {
  readonly kind: 'pruned';
  readonly hash: Uint8Array;
}

export const EMPTY: EmptyTree = { kind: 'empty', hash: sha256(EMPTY_SEPARATOR) };

export function leaf(value: Uint8Array): LeafTree {
  return { kind: 'leaf', value, hash: sha256(LEAF_SEPARATOR, value) };
}

export function labeled(label: Uint8Array, child: HashTree): LabeledTree {
  return { kind: 'labeled', label, child, hash: hashLabeled(label, child.hash) };
}

export function fork(left: HashTree, right: HashTree): ForkTree {
  return { kind: 'fork', left, right, hash: hashFork(left.hash, right.hash) };
}

export function pruned(hash: Uint8Array): PrunedTree {
  return { kind: 'pruned', hash };
}

export function hashLabeled(label: Uint8Array, childHash: Uint8Array): Uint8Array {
  return sha256(LABELED_SEPARATOR, label, childHash);
}

export function hashFork(leftHash: Uint8Array, rightHash: Uint8Array): Uint8Array {
  return sha256(FORK_SEPARATOR, leftHash, rightHash);
}
