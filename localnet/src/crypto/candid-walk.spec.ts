import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { assertDecodableCandid, CandidWalkError, findPrincipalField } from './candid-walk.ts';
import { encodeUleb128 } from './leb128.ts';

const ID = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');

const Everything = IDL.Record({
  canister_id: IDL.Principal,
  nothing: IDL.Null,
  flag: IDL.Bool,
  big: IDL.Nat,
  signed: IDL.Int,
  small: IDL.Nat8,
  wide: IDL.Int64,
  float: IDL.Float64,
  text: IDL.Text,
  bytes: IDL.Vec(IDL.Nat8),
  texts: IDL.Vec(IDL.Text),
  maybe: IDL.Opt(IDL.Record({ inner: IDL.Tuple(IDL.Nat, IDL.Text) })),
  either: IDL.Variant({ left: IDL.Null, right: IDL.Vec(IDL.Opt(IDL.Bool)) }),
  method: IDL.Func([IDL.Text], [IDL.Nat], ['query']),
  actor: IDL.Service({ get: IDL.Func([], [IDL.Text], ['query']) }),
});
const VALUE = {
  canister_id: ID,
  nothing: null,
  flag: true,
  big: 2n ** 200n,
  signed: -(2n ** 100n),
  small: 7,
  wide: -1n,
  float: 1.5,
  text: 'ü',
  bytes: utf8('some bytes'),
  texts: ['a', 'b'],
  maybe: [{ inner: [5n, 'x'] }],
  either: { right: [[true], []] },
  method: [ID, 'name'],
  actor: ID,
};

describe('findPrincipalField', () => {
  it('finds the field among values of every type', () => {
    const message = IDL.encode([Everything, IDL.Text], [VALUE, 'second argument']);
    expect(findPrincipalField(message, 'canister_id')).toEqual(ID.toUint8Array());
    expect(findPrincipalField(message, 'target_canister')).toBeUndefined();
  });

  it('ignores fields of another type and arguments that are no record', () => {
    const Texts = IDL.Record({ canister_id: IDL.Text });
    const textual = IDL.encode([Texts], [{ canister_id: ID.toText() }]);
    expect(findPrincipalField(textual, 'canister_id')).toBeUndefined();
    expect(findPrincipalField(IDL.encode([], []), 'canister_id')).toBeUndefined();
    expect(findPrincipalField(IDL.encode([IDL.Principal], [ID]), 'canister_id')).toBeUndefined();
  });
});

describe('assertDecodableCandid', () => {
  const message = new Uint8Array(IDL.encode([Everything], [VALUE]));

  it('takes recursive types and large blobs', () => {
    const List = IDL.Rec();
    List.fill(IDL.Opt(IDL.Record({ head: IDL.Nat, tail: List })));
    const list = [{ head: 1n, tail: [{ head: 2n, tail: [] }] }];
    assertDecodableCandid(new Uint8Array(IDL.encode([List], [list])));
    const blob = new Uint8Array(3_000_000);
    assertDecodableCandid(new Uint8Array(IDL.encode([IDL.Vec(IDL.Nat8)], [blob])));
  });

  it('refuses a message cut short anywhere, and one with more behind it', () => {
    for (let length = 0; length < message.length; length += 1) {
      expect(() => assertDecodableCandid(message.slice(0, length))).toThrow(CandidWalkError);
    }
    expect(() => assertDecodableCandid(Uint8Array.of(...message, 0))).toThrow(CandidWalkError);
  });

  it.each([2_000_000n, 4_294_967_295n, 2n ** 48n])('refuses a vector of %s nulls', (length) => {
    const bomb = concatBytes(hexToBytes('4449444c016d7f0100'), encodeUleb128(length));
    expect(() => assertDecodableCandid(bomb)).toThrow(CandidWalkError);
  });

  it('refuses a record that doubles at every level', () => {
    const levels = 60;
    const types = Array.from({ length: levels }, (_, index) => {
      const inner = index + 1 === levels ? 0x7f : index + 1;
      return Uint8Array.of(0x6c, 2, 0, inner, 1, inner);
    });
    const bomb = concatBytes(utf8('DIDL'), Uint8Array.of(levels), ...types, Uint8Array.of(1, 0));
    expect(() => assertDecodableCandid(bomb)).toThrow('too many values');
  });

  it('refuses a record that contains itself', () => {
    const bomb = hexToBytes('4449444c016c0100000100');
    expect(() => assertDecodableCandid(bomb)).toThrow('nesting deeper');
  });

  it('never fails otherwise than with a CandidWalkError', () => {
    const mutation = fc.record({
      at: fc.nat(message.length - 1),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = Uint8Array.from(message);
        for (const { at, byte } of mutations) bytes[at] = byte;
        try {
          assertDecodableCandid(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CandidWalkError);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
