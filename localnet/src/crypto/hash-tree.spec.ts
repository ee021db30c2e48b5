import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { reconstruct } from '@dfinity/agent';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { EMPTY, fork, labeled, leaf } from './hash-tree.ts';
import { HashTreeError, hashTreeFromCbor, hashTreeToCbor } from './hash-tree-cbor.ts';
import { lookupPath } from './tree-lookup.ts';

/** The example of the specification, "Certification". */
const EXAMPLE = fork(
  fork(
    labeled(
      utf8('a'),
      fork(
        fork(labeled(utf8('x'), leaf(utf8('hello'))), EMPTY),
        labeled(utf8('y'), leaf(utf8('world'))),
      ),
    ),
    labeled(utf8('b'), leaf(utf8('good'))),
  ),
  fork(labeled(utf8('c'), EMPTY), labeled(utf8('d'), leaf(utf8('morning')))),
);
const EXAMPLE_CBOR =
  '8301830183024161830183018302417882034568656c6c6f810083024179820345776f726c6483024162820344' +
  '676f6f648301830241638100830241648203476d6f726e696e67';
const EXAMPLE_HASH = 'eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0';
const PRUNED_CBOR =
  '83018301830241618301820458201b4feff9bef8131788b0c9dc6dbad6e81e524249c879e9f10f71ce3749f5a6' +
  '3883024179820345776f726c6483024162820458207b32ac0c6ba8ce35ac82c255fc7906f7fc130dab2a090f80' +
  'fe12f9c2cae83ba6830182045820ec8324b8a1f1ac16bd2e806edba78006479c9877fed4eb464a25485465af60' +
  '1d830241648203476d6f726e696e67';

describe('hash tree', () => {
  it('has the encoding and the root hash of the example in the specification', () => {
    const tag = 'd9d9f7';
    expect(bytesToHex(encodeCbor(hashTreeToCbor(EXAMPLE)))).toBe(tag + EXAMPLE_CBOR);
    expect(bytesToHex(EXAMPLE.hash)).toBe(EXAMPLE_HASH);
  });

  it('is rebuilt from CBOR with the same hash, also when pruned', () => {
    const whole = hashTreeFromCbor(decodeCbor(hexToBytes(EXAMPLE_CBOR)));
    expect(whole).toEqual(EXAMPLE);
    const part = hashTreeFromCbor(decodeCbor(hexToBytes(PRUNED_CBOR)));
    expect(bytesToHex(part.hash)).toBe(EXAMPLE_HASH);
  });

  it('hashes as the agent library does', async () => {
    const hash = await reconstruct(hashTreeToCbor(EXAMPLE) as Parameters<typeof reconstruct>[0]);
    expect(hash).toEqual(EXAMPLE.hash);
  });

  it.each([
    ['a map', 'a0'],
    ['an unknown node', '8105'],
    ['a fork with one side', '82018100'],
    ['a label that is text', '830261618100'],
    ['a leaf with two values', '8303410041 00'.replace(' ', '')],
    ['a short pruned hash', '82044100'],
  ])('refuses %s', (_, hex) => {
    expect(() => hashTreeFromCbor(decodeCbor(hexToBytes(hex)))).toThrow(HashTreeError);
  });
});

describe('lookupPath', () => {
  const part = hashTreeFromCbor(decodeCbor(hexToBytes(PRUNED_CBOR)));

  it.each([
    ['a/a', 'unknown'],
    ['a/y', 'found'],
    ['aa', 'absent'],
    ['ax', 'absent'],
    ['b', 'unknown'],
    ['bb', 'unknown'],
    ['d', 'found'],
    ['e', 'absent'],
    ['a', 'not-a-value'],
    ['d/x', 'absent'],
  ])('finds %s %s in the pruned example of the specification', (path, kind) => {
    expect(lookupPath(path.split('/').map(utf8), part).kind).toBe(kind);
  });

  it('finds absent what is below an empty tree', () => {
    expect(lookupPath([utf8('c')], EXAMPLE).kind).toBe('absent');
    expect(lookupPath([utf8('c'), utf8('x')], EXAMPLE).kind).toBe('absent');
  });
});
