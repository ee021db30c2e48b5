import { EMPTY } from '../../crypto/hash-tree.ts';
import {
  neighbourhood,
  withLabel,
  withoutLabel,
  type Forest,
  type FullTree,
} from '../../crypto/label-forest.ts';
import type { Path } from '../../crypto/tree-lookup.ts';

/** A forest with `value` at `path`, whatever stood there or on the way being replaced. */
export function withPath(forest: Forest, path: Path, value: FullTree): Forest {
  const [label, ...rest] = path;
  if (label === undefined) throw new Error('BUG: empty path in a certified tree');
  if (rest.length === 0) return withLabel(forest, label, value);
  return withLabel(forest, label, withPath(forestAt(forest, label), rest, value));
}

/** A forest without `path`; labels left with nothing below them go too. */
export function withoutPath(forest: Forest, path: Path): Forest {
  const [label, ...rest] = path;
  if (label === undefined) throw new Error('BUG: empty path in a certified tree');
  if (rest.length === 0) return withoutLabel(forest, label);
  const child = withoutPath(forestAt(forest, label), rest);
  return child.kind === 'empty' ? withoutLabel(forest, label) : withLabel(forest, label, child);
}

function forestAt(forest: Forest, label: Uint8Array): Forest {
  const place = neighbourhood(forest, label);
  if (place.kind === 'gap' || place.entry.child.kind === 'leaf') return EMPTY;
  return place.entry.child;
}
