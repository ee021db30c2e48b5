import { IDL } from '@dfinity/candid';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidCodec } from './candid-codec.ts';
import { anyTyped, anyTypedWithRelatives } from './candid-types.arbitrary.ts';
import { CandidError } from './shape.ts';

const RUNS = { numRuns: 2_000 };
const libraryEncode = (types: IDL.Type[], values: unknown[]) =>
  new Uint8Array(IDL.encode(types, values));

/** The values, or undefined if they were refused. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** The values, or why they were refused. Anything but a `CandidError` is a bug. */
function attemptOrReason(run: () => unknown[]): unknown[] | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof CandidError) return error.message;
    throw error;
  }
}

/** The library gives up on an option in an option where the value sent is a record or a list. */
const UNDECIDED = /opt (opt|null|reserved)/;

/** What the library lets pass: lists that are not all there, or that have elements for free. */
const STRICTER = ['cut short', 'so few bytes', 'too long'];

type Decode = (this: IDL.Type, bytes: unknown, sent: IDL.Type) => unknown;
const lists = IDL.VecClass.prototype as { decodeValue: Decode; _type: IDL.Type };
const integers = IDL.IntClass.prototype as { decodeValue: Decode };
const naturals = IDL.NatClass.prototype as { decodeValue: Decode };
const original = { lists: lists.decodeValue, integers: integers.decodeValue };

/**
 * The library reads a list of small numbers from a list of anything, which Candid forbids, and does
 * not read a `nat` as an `int`, which Candid demands. Made to do as Candid says, it is the measure.
 */
beforeAll(() => {
  lists.decodeValue = function (bytes, sent) {
    const type: unknown = sent instanceof IDL.RecClass ? sent.getType() : sent;
    const inner = this instanceof IDL.VecClass ? (this._type as IDL.Type).name : '';
    const isOther = type instanceof IDL.VecClass && (type._type as IDL.Type).name !== inner;
    if (isOther && /^(nat|int)\d/.test(inner)) throw new Error('a list of another type');
    return original.lists.call(this, bytes, sent);
  };
  integers.decodeValue = function (bytes, sent) {
    const isNat = sent.name === 'nat';
    return isNat
      ? naturals.decodeValue.call(sent, bytes, sent)
      : original.integers.call(this, bytes, sent);
  };
});
afterAll(() => {
  lists.decodeValue = original.lists;
  integers.decodeValue = original.integers;
});

describe('candidCodec', () => {
  it('writes the same bytes as the library', () => {
    fc.assert(
      fc.property(anyTyped, ({ types, values }) => {
        const bytes = candidCodec(() => types).encode(values);
        expect(Buffer.from(bytes).toString('hex')).toBe(
          Buffer.from(libraryEncode(types, values)).toString('hex'),
        );
      }),
      RUNS,
    );
  });

  it('reads the same values as the library, again and again', () => {
    fc.assert(
      fc.property(anyTyped, ({ types, values }) => {
        const codec = candidCodec(() => types);
        const bytes = libraryEncode(types, values);
        const expected: unknown = IDL.decode(types, bytes);
        expect(codec.decode(bytes)).toStrictEqual(expected);
        expect(codec.decode(bytes)).toStrictEqual(expected);
      }),
      RUNS,
    );
  });

  it('agrees with the library about values of one type read as another', () => {
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anyTypedWithRelatives, ({ types, values, relatives }) => {
        const bytes = libraryEncode(types, values);
        const codec = candidCodec(() => relatives);
        const mine = attempt(() => codec.decode(bytes));
        expect(mine).toStrictEqual(attempt(() => IDL.decode(relatives, bytes)));
        expect(attempt(() => codec.decode(bytes))).toStrictEqual(mine);
        outcomes[mine === undefined ? 'refused' : 'read'] += 1;
      }),
      RUNS,
    );
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(100);
  });

  it('agrees with the library about damaged messages, unless it is stricter', () => {
    const outcomes = { read: 0, refused: 0, stricter: 0 };
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(0x6c, 0x6d, 0x6e, 0x71, 0x7f, 0)),
      isCut: fc.boolean(),
    });
    fc.assert(
      fc.property(anyTyped, damage, ({ types, values }, { at, byte, isCut }) => {
        fc.pre(!types.some(({ name }) => UNDECIDED.test(name)));
        const bytes = libraryEncode(types, values);
        const place = at % bytes.length;
        bytes[place] = byte;
        const damaged = isCut ? bytes.slice(0, place) : bytes;
        const mine = attemptOrReason(() => candidCodec(() => types).decode(damaged));
        if (typeof mine === 'string' && STRICTER.some((reason) => mine.includes(reason))) {
          outcomes.stricter += 1;
          return;
        }
        const theirs = attempt(() => IDL.decode(types, damaged));
        expect(typeof mine === 'string' ? undefined : mine).toStrictEqual(theirs);
        outcomes[typeof mine === 'string' ? 'refused' : 'read'] += 1;
      }),
      RUNS,
    );
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(100);
  });
});
