import { compareBytes } from './bytes.ts';
import type { HashTree, LabeledTree } from './hash-tree.ts';

/** A sequence of labels from the root. */
export type Path = readonly Uint8Array[];

/**
 * What a (possibly pruned) tree says about a path: a value, that there is none, that it cannot tell
 * because that part was pruned, or that the path is there but holds no value.
 */
export type Lookup =
  | { readonly kind: 'found'; readonly value: Uint8Array }
  | { readonly kind: 'absent' | 'unknown' | 'not-a-value' };

/** The spec's `lookup_path`. Source: IC interface spec, "Lookup". */
export function lookupPath(path: Path, tree: HashTree): Lookup {
  const [label, ...rest] = path;
  if (label === undefined) return valueOf(tree);
  const found = findLabel(label, tree);
  return found.kind === 'subtree' ? lookupPath(rest, found.tree) : found;
}

/**
 * True if labels strictly increase at every level and leaves never stand beside labels.
 * Source: IC interface spec, "Lookup", `well_formed`.
 */
export function isWellFormed(tree: HashTree): boolean {
  if (tree.kind === 'leaf') return true;
  let last: Uint8Array | undefined;
  for (const node of flattenForks(tree)) {
    if (node.kind === 'leaf') return false;
    if (node.kind !== 'labeled') continue;
    if (last !== undefined && compareBytes(last, node.label) >= 0) return false;
    if (!isWellFormed(node.child)) return false;
    last = node.label;
  }
  return true;
}

function valueOf(tree: HashTree): Lookup {
  switch (tree.kind) {
    case 'empty':
      return { kind: 'absent' };
    case 'leaf':
      return { kind: 'found', value: tree.value };
    case 'pruned':
      return { kind: 'unknown' };
    case 'labeled':
    case 'fork':
      return { kind: 'not-a-value' };
  }
}

type FoundLabel =
  { readonly kind: 'subtree'; readonly tree: HashTree } | { readonly kind: 'absent' | 'unknown' };

function findLabel(label: Uint8Array, tree: HashTree): FoundLabel {
  const nodes = flattenForks(tree);
  const exact = nodes.find(
    (node): node is LabeledTree => node.kind === 'labeled' && compareBytes(node.label, label) === 0,
  );
  if (exact !== undefined) return { kind: 'subtree', tree: exact.child };
  return { kind: isProvablyAbsent(label, nodes) ? 'absent' : 'unknown' };
}

/** Absent if the place where the label would stand is visible: both neighbours are not pruned. */
function isProvablyAbsent(label: Uint8Array, nodes: readonly HashTree[]): boolean {
  if (nodes.length === 0) return true;
  if (nodes.length === 1 && nodes[0]?.kind === 'leaf') return true;
  const next = nodes.findIndex(
    (node) => node.kind === 'labeled' && compareBytes(label, node.label) < 0,
  );
  const before = next === -1 ? nodes.at(-1) : nodes[next - 1];
  if (before === undefined) return next === 0;
  return before.kind === 'labeled' && compareBytes(before.label, label) < 0;
}

function flattenForks(tree: HashTree): HashTree[] {
  if (tree.kind === 'empty') return [];
  if (tree.kind === 'fork') return [...flattenForks(tree.left), ...flattenForks(tree.right)];
  return [tree];
}
