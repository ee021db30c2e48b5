import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';

/** What is worth trying besides chance: things that exist, and edges of rules. */
export interface FuzzWords {
  readonly texts: readonly string[];
  readonly blobs: readonly Uint8Array[];
  readonly principals: readonly Principal[];
  /** Ids, times and durations. */
  readonly numbers: readonly bigint[];
}

const EDGES = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n];
const LAST = 2n ** 64n - 1n;
const LONG_TEXTS = ['x'.repeat(70_000), '\u{1f30d}'.repeat(2_001), 'a\n'.repeat(4_001)];
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\u001b[31m',
  '\u202e',
  'a\u0301',
  '__proto__',
  'constructor',
  '-1',
];
const BIG_BLOBS = [16 * 1_024 + 1, 300_000].map((size) => new Uint8Array(size).fill(0x61));
const MANY = 300;

/** Values of types: well typed, now and then far beyond all limits. */
export class FuzzValues {
  readonly #words: FuzzWords;

  constructor(words: FuzzWords) {
    this.#words = words;
  }

  /** Mostly the sample itself, with one part or another replaced. */
  like(type: IDL.Type, sample: unknown): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 5, arbitrary: fc.constant(sample) },
      { weight: 4, arbitrary: this.#likeInside(type, sample) },
      { weight: 1, arbitrary: this.any(type) },
    );
  }

  #likeInside(type: IDL.Type, sample: unknown): fc.Arbitrary<unknown> {
    if (type instanceof IDL.TupleClass) return fc.constant(sample);
    if (type instanceof IDL.RecordClass) {
      const of = sample as Readonly<Record<string, unknown>>;
      return recordOf(type._fields, (name, part) => this.like(part, of[name]));
    }
    if (type instanceof IDL.VariantClass) {
      const [name = '', body] = Object.entries(sample as object)[0] ?? [];
      const part = type._fields.find(([field]) => field === name)?.[1] ?? IDL.Null;
      return this.like(part, body).map((value) => ({ [name]: value }));
    }
    if (type instanceof IDL.OptClass) {
      const [inner] = sample as unknown[];
      return inner === undefined
        ? fc.constant([])
        : this.like(type._type, inner).map((value) => [value]);
    }
    if (type instanceof IDL.VecClass && Array.isArray(sample)) {
      const items = sample.map((item: unknown) => this.like(type._type, item));
      return fc.oneof(fc.tuple(...items), fc.tuple(...items, ...items));
    }
    return fc.constant(sample);
  }

  /** Any value of the type. */
  any(type: IDL.Type): fc.Arbitrary<unknown> {
    if (type instanceof IDL.TupleClass) {
      return fc.tuple(...type._fields.map(([, part]) => this.any(part)));
    }
    if (type instanceof IDL.RecordClass) {
      return recordOf(type._fields, (_name, part) => this.any(part));
    }
    if (type instanceof IDL.VariantClass) {
      const arms = type._fields.map(([name, part]) =>
        this.any(part).map((value) => ({ [name]: value })),
      );
      return fc.oneof(...arms);
    }
    if (type instanceof IDL.OptClass) {
      return fc.oneof(fc.constant([]), fc.tuple(this.any(type._type)));
    }
    if (type instanceof IDL.VecClass) return this.#list(type._type);
    return this.#primitive(type);
  }

  #list(part: IDL.Type): fc.Arbitrary<unknown> {
    if (part.name === 'nat8') {
      const { blobs } = this.#words;
      return fc.oneof(fc.uint8Array(), fc.constantFrom(...blobs), fc.constantFrom(...BIG_BLOBS));
    }
    const one = this.any(part);
    const few = fc.array(one, { maxLength: 4 });
    const same = fc
      .tuple(one, fc.constantFrom(2, 51, MANY))
      .map(([value, count]) => Array.from({ length: count }, () => value));
    return fc.oneof({ weight: 6, arbitrary: few }, { weight: 1, arbitrary: same });
  }

  #primitive(type: IDL.Type): fc.Arbitrary<unknown> {
    const { texts, principals } = this.#words;
    switch (type.name) {
      case 'text':
        return fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(...texts) },
          { weight: 2, arbitrary: fc.constantFrom(...ODD_TEXTS) },
          { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 90 }).map(wellFormed) },
          { weight: 1, arbitrary: fc.constantFrom(...LONG_TEXTS) },
        );
      case 'principal':
        return fc.constantFrom(...principals);
      case 'bool':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'nat':
        return fc.oneof(this.#bits(64), fc.constantFrom(2n ** 64n, 10n ** 40n, 2n ** 4_000n));
      case 'int64':
        return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
      case 'nat64':
        return this.#bits(64);
      case 'nat8':
      case 'nat16':
      case 'nat32':
        return this.#bits(Number(type.name.slice(3))).map(Number);
      default:
        throw new Error(`there is no way to make a ${type.name}`);
    }
  }

  #bits(bits: number): fc.Arbitrary<bigint> {
    const last = 2n ** BigInt(bits) - 1n;
    const fitting = [...this.#words.numbers, ...EDGES].filter((number) => number <= last);
    return fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...fitting, last) },
      { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 12n }) },
      { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: last < LAST ? last : LAST }) },
    );
  }
}

function recordOf(
  fields: readonly [string, IDL.Type][],
  each: (name: string, part: IDL.Type) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const parts = fields.map(([name, part]) => each(name, part));
  return fc
    .tuple(...parts)
    .map((values) => Object.fromEntries(fields.map(([name], index) => [name, values[index]])));
}

/** Lone surrogates cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '?');
}
