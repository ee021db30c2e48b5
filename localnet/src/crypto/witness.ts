import { pruned, type HashTree } from './hash-tree.ts';
import {
  bitAt,
  neighbourhood,
  type Forest,
  type FullFork,
  type FullLabeled,
  type FullTree,
} from './label-forest.ts';
import type { Path } from './tree-lookup.ts';

/**
 * The part of `tree` that proves what it says about `paths`: everything at and below each path, or,
 * where a path is absent, the labels on both sides of the gap. The rest is pruned to hashes, so
 * the root hash stays the same.
 *
 * Source: IC interface spec, "Certificate" and "Lookup".
 */
export function witness(tree: FullTree, paths: readonly Path[]): HashTree {
  if (paths.some((path) => path.length === 0)) return tree;
  if (tree.kind === 'empty') return tree;
  if (paths.length === 0) return pruned(tree.hash);
  // A path that goes on below a value is absent, and only the value itself shows it.
  if (tree.kind === 'leaf') return tree;
  return cut(tree, keptEntries(tree, paths));
}

/** An entry that stays visible, and what is asked below it. */
interface KeptEntry {
  readonly entry: FullLabeled;
  readonly paths: Path[];
}

function keptEntries(forest: Forest, paths: readonly Path[]): KeptEntry[] {
  const kept = new Map<FullLabeled, KeptEntry>();
  const keep = (entry: FullLabeled | undefined, below: readonly Path[]): void => {
    if (entry === undefined) return;
    const known = kept.get(entry);
    if (known === undefined) kept.set(entry, { entry, paths: [...below] });
    else known.paths.push(...below);
  };
  for (const [label, ...rest] of paths) {
    if (label === undefined) continue;
    const place = neighbourhood(forest, label);
    if (place.kind === 'exact') {
      keep(place.entry, [rest]);
    } else {
      keep(place.before, []);
      keep(place.after, []);
    }
  }
  return [...kept.values()];
}

function cut(forest: FullFork | FullLabeled, kept: readonly KeptEntry[]): HashTree {
  const [first] = kept;
  if (first === undefined) return pruned(forest.hash);
  if (forest.kind === 'labeled') return { ...forest, child: witness(forest.child, first.paths) };
  const isLeft = ({ entry }: KeptEntry): boolean => bitAt(entry.label, forest.bit) === 0;
  return {
    kind: 'fork',
    left: cut(forest.left, kept.filter(isLeft)),
    right: cut(
      forest.right,
      kept.filter((each) => !isLeft(each)),
    ),
    hash: forest.hash,
  };
}
