import { lookup_path, LookupPathStatus } from '@dfinity/agent';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, utf8 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { EMPTY, leaf, type HashTree } from './hash-tree.ts';
import { hashTreeFromCbor, hashTreeToCbor } from './hash-tree-cbor.ts';
import { forestOf, withLabel, withoutLabel, type Forest, type FullTree } from './label-forest.ts';
import { isWellFormed, lookupPath, type Path } from './tree-lookup.ts';
import { witness } from './witness.ts';

/** Short labels over few bytes, so that prefixes of each other and neighbours are common. */
const label = fc
  .array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff), { maxLength: 4 })
  .map((bytes) => Uint8Array.from(bytes));
const path = fc.array(label, { minLength: 1, maxLength: 3 });
const paths = fc.array(path, { maxLength: 6 });
const content = fc.array(fc.tuple(path, fc.uint8Array({ maxLength: 5 })), { maxLength: 40 });

/** A plain model: nested maps by hex label. */
interface Model {
  readonly children: Map<string, Model>;
  value: Uint8Array | undefined;
}

function modelOf(entries: readonly (readonly [Path, Uint8Array])[]): Model {
  const root: Model = { children: new Map(), value: undefined };
  for (const [at, value] of entries) {
    let node = root;
    for (const part of at) {
      const key = bytesToHex(part);
      const child: Model = node.children.get(key) ?? { children: new Map(), value: undefined };
      node.children.set(key, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

function treeOf(model: Model): FullTree {
  if (model.children.size === 0 && model.value !== undefined) return leaf(model.value);
  const entries = [...model.children].map(
    ([key, child]) => [Buffer.from(key, 'hex'), treeOf(child)] as const,
  );
  return forestOf(entries);
}

function expected(model: Model, at: Path): 'absent' | 'not-a-value' | Uint8Array {
  let node = model;
  for (const part of at) {
    const child = node.children.get(bytesToHex(part));
    if (child === undefined) return 'absent';
    node = child;
  }
  if (node.children.size > 0) return 'not-a-value';
  return node.value ?? 'absent';
}

function assertLookup(tree: HashTree, at: Path, model: Model): void {
  const found = lookupPath(at, tree);
  const wanted = expected(model, at);
  if (wanted instanceof Uint8Array) expect(found).toEqual({ kind: 'found', value: wanted });
  else expect(found.kind).toBe(wanted);
}

describe('label forest', () => {
  it('has a shape and hash that depend on its labels alone', () => {
    fc.assert(
      fc.property(fc.uniqueArray(label, { selector: bytesToHex }), (labels) => {
        const child = leaf(utf8('x'));
        const forward = forestOf(labels.map((each) => [each, child]));
        const backward = forestOf(labels.toReversed().map((each) => [each, child]));
        expect(backward).toEqual(forward);
      }),
    );
  });

  it('keeps labels in order and takes them out again', () => {
    fc.assert(
      fc.property(fc.array(label), fc.array(label), (kept, removed) => {
        const child = leaf(utf8('x'));
        let forest: Forest = forestOf([...kept, ...removed].map((each) => [each, child]));
        expect(isWellFormed(forest)).toBe(true);
        for (const each of removed) forest = withoutLabel(forest, each);
        const gone = new Set(removed.map((each) => bytesToHex(each)));
        const rest = kept.filter((each) => !gone.has(bytesToHex(each)));
        expect(forest).toEqual(forestOf(rest.map((each) => [each, child])));
      }),
    );
  });

  it('shares everything that did not change', () => {
    const child = leaf(utf8('x'));
    const forest = forestOf(['a', 'b', 'c'].map((each) => [utf8(each), child]));
    expect(withLabel(forest, utf8('b'), child)).toBe(forest);
    expect(withoutLabel(forest, utf8('d'))).toBe(forest);
  });
});

describe('witness', () => {
  it('keeps the root hash and proves every path asked for, present or absent', () => {
    fc.assert(
      fc.property(content, paths, (entries, asked) => {
        const model = modelOf(entries);
        const tree = treeOf(model);
        const part = witness(tree, asked);
        const received = hashTreeFromCbor(decodeCbor(encodeCbor(hashTreeToCbor(part))));
        expect(received.hash).toEqual(tree.hash);
        expect(isWellFormed(received)).toBe(true);
        for (const at of asked) assertLookup(received, at, model);
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows nothing that was not asked for', () => {
    const secret = leaf(utf8('secret'));
    const tree = forestOf([
      [
        utf8('a'),
        forestOf([
          [utf8('x'), secret],
          [utf8('y'), leaf(utf8('open'))],
        ]),
      ],
      [utf8('b'), secret],
      [utf8('d'), secret],
    ]);
    const bytes = encodeCbor(hashTreeToCbor(witness(tree, [[utf8('a'), utf8('y')], [utf8('c')]])));
    expect(Buffer.from(bytes).includes('secret')).toBe(false);
    expect(Buffer.from(bytes).includes('open')).toBe(true);
    const absent = hashTreeFromCbor(decodeCbor(bytes));
    expect(lookupPath([utf8('c')], absent).kind).toBe('absent');
    expect(lookupPath([utf8('a'), utf8('x')], absent).kind).toBe('unknown');
  });

  it('convinces the agent library too', () => {
    const labels = ['apple', 'banana', 'cherry', 'damson'];
    const tree = forestOf(labels.map((each) => [utf8(each), leaf(utf8(each))]));
    const asked = ['cherry', 'aaa', 'bzz', 'zzz'];
    const part = witness(
      tree,
      asked.map((each) => [utf8(each)]),
    );
    const theirs = hashTreeToCbor(part) as Parameters<typeof lookup_path>[1];
    const statuses = asked.map((each) => lookup_path([utf8(each)], theirs).status);
    expect(statuses).toEqual([
      LookupPathStatus.Found,
      LookupPathStatus.Absent,
      LookupPathStatus.Absent,
      LookupPathStatus.Absent,
    ]);
  });

  it('touches only the way down to a path, however many labels there are', () => {
    const labels = Array.from({ length: 4_096 }, () => Buffer.alloc(4));
    labels.forEach((each, index) => each.writeUInt32BE(index * 2));
    const tree = forestOf(labels.map((each) => [each, leaf(each)]));
    const wanted = labels[1_234];
    if (wanted === undefined) throw new Error('BUG: no such label');
    const size = encodeCbor(hashTreeToCbor(witness(tree, [[wanted]]))).length;
    expect(size).toBeLessThan(800);
    expect(labels.toSorted(compareBytes)).toEqual(labels);
    expect(witness(EMPTY, [[wanted]])).toBe(EMPTY);
  });
});
