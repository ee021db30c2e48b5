import { IDL } from '@dfinity/candid';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { candidCodec } from '../candid/candid-codec.ts';
import { anyTyped } from '../candid/candid-types.arbitrary.ts';

/** As in the bundle of a canister: everything here but `Library` gets the stand-in. */
vi.mock('@dfinity/candid', () => import('./candid.ts'));
const { IDL: Library } = await vi.importActual<{ IDL: typeof IDL }>('@dfinity/candid');

/** The library's type for one of the stand-in. */
function inLibrary(type: IDL.Type): IDL.Type {
  if (type instanceof IDL.OptClass) return Library.Opt(inLibrary(type._type));
  if (type instanceof IDL.VecClass) return Library.Vec(inLibrary(type._type));
  if (type instanceof IDL.TupleClass) {
    return Library.Tuple(...type._fields.map(([, part]) => inLibrary(part)));
  }
  if (type instanceof IDL.RecordClass) return Library.Record(fieldsOf(type._fields));
  if (type instanceof IDL.VariantClass) return Library.Variant(fieldsOf(type._fields));
  if (type instanceof IDL.FuncClass) {
    return Library.Func(
      type.argTypes.map(inLibrary) as [],
      type.retTypes.map(inLibrary) as [],
      type.annotations,
    );
  }
  const found = Object.values(Library).find(
    (each) => each instanceof Library.PrimitiveType && each.name === type.name,
  );
  if (found instanceof Library.PrimitiveType) return found;
  throw new Error(`the library has no ${type.name}`);
}

function fieldsOf(fields: [string, IDL.Type][]): Record<string, IDL.Type> {
  return Object.fromEntries(fields.map(([name, type]) => [name, inLibrary(type)]));
}

describe('codecs over the stand-in for the library', () => {
  it('are not over the library', () => {
    expect(IDL.Record({})).not.toBeInstanceOf(Library.Type);
    expect('decode' in IDL).toBe(false);
  });

  it('write and read as the library does', () => {
    fc.assert(
      fc.property(anyTyped, ({ types, values }) => {
        const codec = candidCodec(() => types);
        const theirs = types.map(inLibrary);
        const bytes = new Uint8Array(Library.encode(theirs, values));
        expect(Buffer.from(codec.encode(values)).equals(bytes)).toBe(true);
        expect(codec.decode(bytes)).toStrictEqual(Library.decode(theirs, bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('know recursion', () => {
    const listOf = ({ Nat, Opt, Rec, Record }: typeof IDL) => {
      const list = Rec();
      list.fill(Record({ head: Nat, tail: Opt(list) }));
      return list;
    };
    const value = { head: 1n, tail: [{ head: 2n, tail: [] }] };
    const codec = candidCodec(() => [listOf(IDL)]);
    expect(Library.decode([listOf(Library)], codec.encode([value]))).toEqual([value]);
    const bytes = new Uint8Array(Library.encode([listOf(Library)], [value]));
    expect(codec.decode(bytes)).toEqual([value]);
  });
});
