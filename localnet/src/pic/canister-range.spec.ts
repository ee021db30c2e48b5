import { fc, test } from '@fast-check/vitest';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { canisterIdOf, canisterIndexOf, rangesContain } from './canister-range.ts';

describe('canister ids by number', () => {
  test.prop([fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })])('round-trip', (index) => {
    expect(canisterIndexOf(canisterIdOf(index))).toBe(index);
  });

  it.each([
    ['rwlgt-iiaaa-aaaaa-aaaaa-cai', 0n],
    ['ryjl3-tyaaa-aaaaa-aaaba-cai', 2n],
    ['um5iw-rqaaa-aaaaq-qaaba-cai', 0x2100002n],
  ])('numbers %s', (text, index) => {
    expect(canisterIdOf(index).toText()).toBe(text);
  });

  it('has no number for a principal of another form', () => {
    expect(canisterIndexOf(Principal.anonymous())).toBeUndefined();
    expect(canisterIndexOf(Principal.managementCanister())).toBeUndefined();
  });
});

describe('rangesContain', () => {
  const ranges = [
    { start: 0n, end: 6n },
    { start: 8n, end: 9n },
  ];

  it('includes both ends and excludes gaps', () => {
    const contained = [0n, 6n, 7n, 8n, 9n, 10n].map((index) =>
      rangesContain(ranges, canisterIdOf(index)),
    );
    expect(contained).toEqual([true, true, false, true, true, false]);
  });

  it('contains no principal without a number', () => {
    expect(rangesContain(ranges, Principal.anonymous())).toBe(false);
  });
});
