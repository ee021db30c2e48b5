import { compareBytes } from './bytes.ts';
import {
  EMPTY,
  hashFork,
  hashLabeled,
  type EmptyTree,
  type LabeledTree,
  type LeafTree,
} from './hash-tree.ts';

/**
 * A whole hash tree, nothing pruned, whose forks form a crit-bit tree over the labels: its shape
 * depends on the labels alone, so that adding or changing one of n labels rehashes about log n
 * forks and everything else is shared with the tree before.
 */
export type FullTree = Forest | LeafTree;

/** The labeled subtrees at one level, in order of their labels. */
export type Forest = EmptyTree | FullLabeled | FullFork;

export interface FullLabeled extends LabeledTree {
  readonly child: FullTree;
}

export interface FullFork {
  readonly kind: 'fork';
  /** Where the labels below first differ: left has a 0 there, right a 1. See `bitAt`. */
  readonly bit: number;
  readonly left: FullFork | FullLabeled;
  readonly right: FullFork | FullLabeled;
  readonly hash: Uint8Array;
}

/** A forest with `label` set to `child`. Returns the same forest if nothing changed. */
export function withLabel(forest: Forest, label: Uint8Array, child: FullTree): Forest {
  if (forest.kind === 'empty') return fullLabeled(label, child);
  const difference = firstDifference(nearest(forest, label).label, label);
  return difference === undefined
    ? replace(forest, label, child)
    : insert(forest, difference, fullLabeled(label, child));
}

/** A forest without `label`. Returns the same forest if it was not there. */
export function withoutLabel(forest: Forest, label: Uint8Array): Forest {
  if (forest.kind === 'empty') return forest;
  if (forest.kind === 'labeled') {
    return compareBytes(forest.label, label) === 0 ? EMPTY : forest;
  }
  const side = bitAt(label, forest.bit) === 0 ? 'left' : 'right';
  const rest = withoutLabel(forest[side], label);
  if (rest === forest[side]) return forest;
  if (rest.kind === 'empty') return side === 'left' ? forest.right : forest.left;
  return side === 'left'
    ? fullFork(forest.bit, rest, forest.right)
    : fullFork(forest.bit, forest.left, rest);
}

export function forestOf(entries: Iterable<readonly [Uint8Array, FullTree]>): Forest {
  let forest: Forest = EMPTY;
  for (const [label, child] of entries) forest = withLabel(forest, label, child);
  return forest;
}

/** The entry of a label, or else the entries on both sides of where it would stand. */
export type Neighbourhood =
  | { readonly kind: 'exact'; readonly entry: FullLabeled }
  | {
      readonly kind: 'gap';
      readonly before: FullLabeled | undefined;
      readonly after: FullLabeled | undefined;
    };

export function neighbourhood(forest: Forest, label: Uint8Array): Neighbourhood {
  if (forest.kind === 'empty') return { kind: 'gap', before: undefined, after: undefined };
  const entry = nearest(forest, label);
  const difference = firstDifference(entry.label, label);
  if (difference === undefined) return { kind: 'exact', entry };

  let node = forest;
  let before: FullFork | FullLabeled | undefined;
  let after: FullFork | FullLabeled | undefined;
  while (node.kind === 'fork' && node.bit < difference) {
    if (bitAt(label, node.bit) === 0) {
      after = node.right;
      node = node.left;
    } else {
      before = node.left;
      node = node.right;
    }
  }
  if (bitAt(label, difference) === 0) after = node;
  else before = node;
  return { kind: 'gap', before: before && lastOf(before), after: after && firstOf(after) };
}

/**
 * A bit of a label, for an order of bits that keeps the order of labels although they differ in
 * length: every byte is preceded by a 1 for "there is another byte", the end by a 0.
 */
export function bitAt(label: Uint8Array, position: number): 0 | 1 {
  const byte = label[Math.floor(position / 9)];
  if (byte === undefined) return 0;
  const offset = position % 9;
  return offset === 0 || ((byte >> (8 - offset)) & 1) === 1 ? 1 : 0;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] ?? 0) ^ (b[index] ?? 0);
    if (difference !== 0) return index * 9 + 1 + (Math.clz32(difference) - 24);
  }
  return a.length === b.length ? undefined : shared * 9;
}

function nearest(forest: FullFork | FullLabeled, label: Uint8Array): FullLabeled {
  let node = forest;
  while (node.kind === 'fork') node = bitAt(label, node.bit) === 0 ? node.left : node.right;
  return node;
}

function replace(
  forest: FullFork | FullLabeled,
  label: Uint8Array,
  child: FullTree,
): FullFork | FullLabeled {
  if (forest.kind === 'labeled') {
    return forest.child === child ? forest : fullLabeled(label, child);
  }
  if (bitAt(label, forest.bit) === 0) {
    const left = replace(forest.left, label, child);
    return left === forest.left ? forest : fullFork(forest.bit, left, forest.right);
  }
  const right = replace(forest.right, label, child);
  return right === forest.right ? forest : fullFork(forest.bit, forest.left, right);
}

function insert(forest: FullFork | FullLabeled, bit: number, entry: FullLabeled): FullFork {
  if (forest.kind === 'labeled' || forest.bit > bit) {
    return bitAt(entry.label, bit) === 0
      ? fullFork(bit, entry, forest)
      : fullFork(bit, forest, entry);
  }
  return bitAt(entry.label, forest.bit) === 0
    ? fullFork(forest.bit, insert(forest.left, bit, entry), forest.right)
    : fullFork(forest.bit, forest.left, insert(forest.right, bit, entry));
}

function firstOf(forest: FullFork | FullLabeled): FullLabeled {
  let node = forest;
  while (node.kind === 'fork') node = node.left;
  return node;
}

function lastOf(forest: FullFork | FullLabeled): FullLabeled {
  let node = forest;
  while (node.kind === 'fork') node = node.right;
  return node;
}

function fullLabeled(label: Uint8Array, child: FullTree): FullLabeled {
  return { kind: 'labeled', label, child, hash: hashLabeled(label, child.hash) };
}

function fullFork(
  bit: number,
  left: FullFork | FullLabeled,
  right: FullFork | FullLabeled,
): FullFork {
  return { kind: 'fork', bit, left, right, hash: hashFork(left.hash, right.hash) };
}
