import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigint, bool, bytes, list, number, optional, plainAs, principal } from './field.ts';
import { record, text, union, type Fields } from './field.ts';
import { olderVersion, valueCodec } from './value-codec.ts';

type Shape =
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'label'; readonly words: readonly string[]; readonly owner: Principal };

interface Everything {
  readonly name: string;
  readonly count: number;
  readonly isOpen: boolean;
  readonly amount: bigint;
  readonly owner: Principal;
  readonly hash: Uint8Array;
  readonly color: 'red' | 'blue';
  readonly note: string | undefined;
  readonly heir: Principal | undefined;
  readonly shapes: readonly Shape[];
  readonly nested: { readonly deep: readonly (readonly bigint[])[] };
}

const fields: Fields<Everything> = {
  name: text,
  count: number,
  isOpen: bool,
  amount: bigint(),
  owner: principal,
  hash: bytes,
  color: plainAs(),
  note: optional(text),
  heir: optional(principal),
  shapes: list(
    union<Shape>({ circle: { radius: number }, label: { words: list(text), owner: principal } }),
  ),
  nested: record({ deep: list(list(bigint())) }),
};

const anyPrincipal = fc
  .uint8Array({ maxLength: 29 })
  .map((content) => Principal.fromUint8Array(content));
const anyText = fc.string({ unit: 'binary' });
const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constant('circle' as const), radius: fc.integer() }),
  fc.record({ kind: fc.constant('label' as const), words: fc.array(anyText), owner: anyPrincipal }),
);
const everything: fc.Arbitrary<Everything> = fc.record({
  name: anyText,
  count: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  isOpen: fc.boolean(),
  amount: fc.bigInt(),
  owner: anyPrincipal,
  hash: fc.uint8Array({ maxLength: 100 }),
  color: fc.constantFrom('red' as const, 'blue' as const),
  note: fc.option(anyText, { nil: undefined }),
  heir: fc.option(anyPrincipal, { nil: undefined }),
  shapes: fc.array(anyShape),
  nested: fc.record({ deep: fc.array(fc.array(fc.bigInt())) }),
});

const codec = valueCodec<Everything>({ version: 1, fields });

describe('valueCodec', () => {
  it('reads back every value of every field type', () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives equal bytes for equal values', () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(codec.encode({ ...value })).toEqual(codec.encode(value));
      }),
    );
  });

  it('reads bytes that sit inside a larger buffer', () => {
    fc.assert(
      fc.property(everything, (value) => {
        const encoded = codec.encode(value);
        const larger = new Uint8Array(encoded.length + 7);
        larger.set(encoded, 3);
        expect(codec.decode(larger.subarray(3, 3 + encoded.length))).toEqual(value);
      }),
    );
  });

  it('reads long values in chunks', () => {
    const long = valueCodec<{ text: string }>({ version: 1, fields: { text } });
    for (const unit of ['x', 'é']) {
      const value = { text: unit.repeat(20_000) };
      expect(long.decode(long.encode(value))).toEqual(value);
    }
  });

  it('refuses bytes that are cut short, prolonged or changed in their length', () => {
    const encoded = codec.encode(fc.sample(everything, { seed: 1, numRuns: 1 })[0] as Everything);
    expect(() => codec.decode(encoded.subarray(0, 4))).toThrow('too short');
    expect(() => codec.decode(encoded.subarray(0, encoded.length - 1))).toThrow();
    expect(() => codec.decode(Uint8Array.of(...encoded, 0))).toThrow('too long');
  });
});

describe('versions', () => {
  interface V1 {
    readonly name: string;
  }
  interface V2 {
    readonly first: string;
    readonly last: string;
  }
  interface V3 extends V2 {
    readonly born: bigint;
  }
  const one = valueCodec<V1>({ version: 1, fields: { name: text } });
  const two = valueCodec<V2>({ version: 2, fields: { first: text, last: text } });
  const fromOne = olderVersion<V1, V3>({
    version: 1,
    fields: { name: text },
    upgrade: ({ name }) => ({ first: '', last: name, born: 0n }),
  });
  const fromTwo = olderVersion<V2, V3>({
    version: 2,
    fields: { first: text, last: text },
    upgrade: (old) => ({ ...old, born: 0n }),
  });
  const v3Fields = { first: text, last: text, born: bigint() };
  const three = valueCodec<V3>({ version: 3, fields: v3Fields, older: [fromOne, fromTwo] });

  it('upgrades each older version explicitly', () => {
    expect(three.decode(one.encode({ name: 'B' }))).toEqual({ first: '', last: 'B', born: 0n });
    const upgraded = { first: 'A', last: 'B', born: 0n };
    expect(three.decode(two.encode({ first: 'A', last: 'B' }))).toEqual(upgraded);
    expect(three.decode(three.encode(upgraded))).toEqual(upgraded);
  });

  it('refuses a version that it does not know, older or newer', () => {
    expect(() => two.decode(one.encode({ name: 'B' }))).toThrow('unknown version 1');
    expect(() => two.decode(three.encode({ first: '', last: '', born: 1n }))).toThrow('version 3');
  });

  it('refuses a schema that describes a version twice or a newer one as older', () => {
    const older = [fromOne, fromOne];
    expect(() => valueCodec<V3>({ version: 3, fields: v3Fields, older })).toThrow('twice');
    const tooNew = [fromTwo];
    expect(() => valueCodec<V3>({ version: 2, fields: v3Fields, older: tooNew })).toThrow('older');
  });

  it('refuses a value of this version that has other fields', () => {
    const other = valueCodec<V1>({ version: 2, fields: { name: text } });
    expect(() => two.decode(other.encode({ name: 'B' }))).toThrow('other fields');
  });

  it('refuses a kind that has no stored form', () => {
    const field = union<Shape>({ circle: { radius: number } } as never);
    const shapes = valueCodec<{ shape: Shape }>({ version: 1, fields: { shape: field } });
    const label = { kind: 'label', words: [], owner: Principal.anonymous() } as const;
    expect(() => shapes.encode({ shape: label })).toThrow('kind label');
  });
});
