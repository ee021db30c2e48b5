import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';

/** A type and values of it. */
export interface TypeWithValues {
  readonly type: IDL.Type;
  readonly values: fc.Arbitrary<unknown>;
}

const principals = fc.uint8Array({ maxLength: 29 }).map((bytes) => Principal.fromUint8Array(bytes));
const words = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));

function bigints(bits: number, isSigned: boolean): fc.Arbitrary<bigint> {
  const half = 2n ** BigInt(bits - 1);
  const [min, max] = isSigned ? [-half, half - 1n] : [0n, 2n * half - 1n];
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max), fc.bigInt(0n, 99n));
}
const integers = (bits: number, isSigned: boolean) => bigints(bits, isSigned).map(Number);
const float32s = fc.float({ noNaN: true });

const PRIMITIVES: readonly TypeWithValues[] = [
  { type: IDL.Null, values: fc.constant(null) },
  { type: IDL.Bool, values: fc.boolean() },
  { type: IDL.Nat, values: fc.oneof(bigints(64, false), bigints(300, false), bigints(54, false)) },
  { type: IDL.Int, values: fc.oneof(bigints(64, true), bigints(300, true), bigints(54, true)) },
  { type: IDL.Nat8, values: integers(8, false) },
  { type: IDL.Nat16, values: integers(16, false) },
  { type: IDL.Nat32, values: integers(32, false) },
  { type: IDL.Nat64, values: bigints(64, false) },
  { type: IDL.Int8, values: integers(8, true) },
  { type: IDL.Int16, values: integers(16, true) },
  { type: IDL.Int32, values: integers(32, true) },
  { type: IDL.Int64, values: bigints(64, true) },
  { type: IDL.Float32, values: float32s },
  { type: IDL.Float64, values: fc.double({ noNaN: true }) },
  { type: IDL.Text, values: words.map(wellFormed) },
  { type: IDL.Principal, values: principals },
  { type: IDL.Reserved, values: fc.constant(null) },
  {
    type: IDL.Func([IDL.Nat, IDL.Opt(IDL.Text)], [IDL.Vec(IDL.Nat8)], ['query']),
    values: fc.tuple(principals, fc.string()),
  },
];

/** Lone surrogates become U+FFFD on the way, and a leading byte order mark gets lost. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '?').replace(/^\ufeff/, '');
}

const fieldNames = fc.oneof(
  fc.constantFrom('id', 'owner', 'amount_e8s', 'Ok', 'Err', '_7_', '_0_', 'from_subaccount', 'ä'),
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' }),
);
const labels = fc.uniqueArray(fieldNames, { maxLength: 6 });

/** Types of at most this many levels. */
function typesOfDepth(depth: number): fc.Arbitrary<TypeWithValues> {
  const flat = fc.constantFrom(...PRIMITIVES);
  return depth <= 1 ? flat : fc.oneof(flat, compositesOf(typesOfDepth(depth - 1)));
}

function compositesOf(inside: fc.Arbitrary<TypeWithValues>): fc.Arbitrary<TypeWithValues> {
  return fc.oneof(
    inside.map(({ type, values }) => ({
      type: IDL.Opt(type),
      values: fc.oneof(fc.constant([]), fc.tuple(values)),
    })),
    inside.map(({ type, values }) => ({ type: IDL.Vec(type), values: listsOf(type, values) })),
    fc.array(inside, { maxLength: 4 }).map((parts) => ({
      type: IDL.Tuple(...parts.map(({ type }) => type)),
      values: fc.tuple(...parts.map(({ values }) => values)),
    })),
    withFields(inside).map((fields) => ({
      type: IDL.Record(typesOf(fields)),
      values: fc.record(Object.fromEntries(fields.map(([name, { values }]) => [name, values])), {
        noNullPrototype: true,
      }),
    })),
    withFields(inside, 1).map((fields) => ({
      type: IDL.Variant(typesOf(fields)),
      values: fc.oneof(
        ...fields.map(([name, { values }]) => values.map((value) => ({ [name]: value }))),
      ),
    })),
  );
}

const anyType = typesOfDepth(4);

/** Types and a value of each. */
export const anyTyped = fc
  .array(anyType, { maxLength: 3 })
  .chain((args) =>
    fc
      .tuple(...args.map(({ values }) => values))
      .map((values) => ({ types: args.map(({ type }) => type), values })),
  );

/** Values with types that are like theirs: with more, fewer or other parts. */
export const anyTypedWithRelatives = anyTyped.chain(({ types, values }) =>
  fc.tuple(...types.map(relativesOf)).map((relatives) => ({ types, values, relatives })),
);

function relativesOf(type: IDL.Type): fc.Arbitrary<IDL.Type> {
  const changed = changesInside(type);
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: changed.map(optionOf) },
    { weight: 1, arbitrary: fc.constantFrom(IDL.Reserved, IDL.Null, IDL.Text, IDL.Opt(IDL.Nat)) },
  );
}

/** The library does not know that a record read as an option of an option is none. */
function optionOf(type: IDL.Type): IDL.Type {
  return canBeAbsent(type) ? type : IDL.Opt(type);
}

function canBeAbsent(type: IDL.Type): boolean {
  return type instanceof IDL.OptClass || type.name === 'null' || type.name === 'reserved';
}

function changesInside(type: IDL.Type): fc.Arbitrary<IDL.Type> {
  if (type instanceof IDL.OptClass) {
    if (canBeAbsent(type._type)) return fc.constant(type);
    const inner = relativesOf(type._type);
    return fc.oneof({ weight: 5, arbitrary: inner.map(optionOf) }, inner);
  }
  if (type instanceof IDL.VecClass) {
    return relativesOf(type._type).map((each) => IDL.Vec(each));
  }
  if (type instanceof IDL.TupleClass) {
    const parts = type._fields.map(([, part]) => relativesOf(part));
    return fc.tuple(fc.nat(4), ...parts).map(([drop, ...kept]) => {
      return IDL.Tuple(...kept.slice(0, drop === 0 ? -1 : undefined));
    });
  }
  if (type instanceof IDL.RecordClass) return otherFields(type._fields).map((f) => IDL.Record(f));
  if (type instanceof IDL.VariantClass) return otherFields(type._fields).map((f) => IDL.Variant(f));
  return type.name === 'nat' ? fc.constantFrom(type, IDL.Int) : fc.constant(type);
}

function otherFields(fields: [string, IDL.Type][]): fc.Arbitrary<Record<string, IDL.Type>> {
  const kept = fields.map(([name, type]) =>
    fc.tuple(fc.constant(name), relativesOf(type), fc.integer({ min: 0, max: 5 })),
  );
  const added = fc.constantFrom<[string, IDL.Type, number]>(
    ['more', IDL.Opt(IDL.Text), 1],
    ['other', IDL.Nat, 1],
    ['none', IDL.Text, 0],
  );
  return fc
    .tuple(...kept, added)
    .map((all) =>
      Object.fromEntries(all.filter(([, , keep]) => keep > 0).map(([name, type]) => [name, type])),
    );
}

type Fields = [string, TypeWithValues][];

function withFields(part: fc.Arbitrary<TypeWithValues>, minLength = 0): fc.Arbitrary<Fields> {
  return labels
    .filter((names) => names.length >= minLength)
    .chain((names) =>
      fc.tuple(
        ...names.map((name) => part.map((type) => [name, type] as [string, TypeWithValues])),
      ),
    );
}

function typesOf(fields: Fields): Record<string, IDL.Type> {
  return Object.fromEntries(fields.map(([name, { type }]) => [name, type]));
}

const TYPED_ARRAYS = {
  nat8: Uint8Array,
  nat16: Uint16Array,
  nat32: Uint32Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
} as const;

/** Lists of small numbers are typed arrays in JavaScript, and so are those of 64 bits. */
function listsOf(type: IDL.Type, values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const lists = fc.array(values, { maxLength: 5 });
  if (type.name === 'nat64') return lists.map((list) => BigUint64Array.from(list as bigint[]));
  if (type.name === 'int64') return lists.map((list) => BigInt64Array.from(list as bigint[]));
  const name = Object.keys(TYPED_ARRAYS).find((each) => each === type.name);
  if (name === undefined) return lists;
  return lists.map((list) => TYPED_ARRAYS[name as 'nat8'].from(list as number[]));
}
