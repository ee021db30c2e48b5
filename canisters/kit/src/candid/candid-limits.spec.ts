import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { candidCodec } from './candid-codec.ts';
import { codecOf } from './codec-cache.ts';
import { lazy } from './lazy-type.ts';
import { CandidError } from './shape.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const DIDL = '4449444c';
const HUGE = 'ffffffffffff7f';
const libraryEncode = (types: IDL.Type[], values: unknown[]) =>
  new Uint8Array(IDL.encode(types, values));
const text = candidCodec(() => [IDL.Text]);
const nulls = candidCodec(() => [IDL.Vec(IDL.Null)]);
const texts = candidCodec(() => [IDL.Vec(IDL.Text)]);
const nothing = candidCodec(() => []);

describe('a hostile message', () => {
  /** Types in which each record has the one before twice: 2^n values in no bytes. */
  function doubling(levels: number): string {
    const table = ['6c00'];
    for (let level = 0; level < levels; level += 1) {
      const index = level.toString(16).padStart(2, '0');
      table.push(`6c02 00${index} 01${index}`);
    }
    return `${(levels + 1).toString(16)}${table.join('')}`;
  }

  it.each([
    { desc: 'no bytes', codec: text, bytes: hex('') },
    { desc: 'a length beyond the end', codec: text, bytes: hex(`${DIDL} 00 01 71 ${HUGE}`) },
    { desc: 'null a trillion times', codec: nulls, bytes: hex(`${DIDL} 01 6d7f 01 00 ${HUGE}`) },
    { desc: 'the same, unasked', codec: nothing, bytes: hex(`${DIDL} 01 6d7f 01 00 ${HUGE}`) },
    { desc: 'as many types', codec: text, bytes: hex(`${DIDL} ${HUGE}`) },
    { desc: 'as many arguments', codec: text, bytes: hex(`${DIDL} 00 ${HUGE}`) },
    {
      desc: 'records that double',
      codec: nothing,
      bytes: hex(`${DIDL} ${doubling(14)} 01 0e`),
    },
    {
      desc: 'a list of records that double',
      codec: nothing,
      bytes: hex(`${DIDL} 10 ${doubling(14).slice(1)} 6d0e 01 0f 7f`),
    },
    { desc: 'a record in itself', codec: nothing, bytes: hex(`${DIDL} 01 6c01 0000 01 00`) },
    { desc: 'a number without end', codec: candidCodec(() => [IDL.Nat]), bytes: endless(0x7d) },
    { desc: 'the same, signed', codec: candidCodec(() => [IDL.Int]), bytes: endless(0x7c) },
    { desc: 'a type that is none', codec: text, bytes: hex(`${DIDL} 00 01 60 00`) },
    { desc: 'a type out of range', codec: text, bytes: hex(`${DIDL} 00 01 05 00`) },
    { desc: 'fields out of order', codec: nothing, bytes: hex(`${DIDL} 01 6c02 017f 007f 01 00`) },
    { desc: 'bytes left over', codec: nothing, bytes: hex(`${DIDL} 00 00 00`) },
    { desc: 'too few values', codec: text, bytes: hex(`${DIDL} 00 00`) },
    { desc: 'a text that is not UTF-8', codec: text, bytes: hex(`${DIDL} 00 01 71 01 ff`) },
    { desc: 'more elements than anybody needs', codec: texts, bytes: emptyTexts(100_001) },
    { desc: 'the same, unasked', codec: nothing, bytes: emptyTexts(100_001) },
    { desc: 'types nested deep', codec: nothing, bytes: hex(`${DIDL} ${chain(500)}`) },
  ])('with $desc is refused at once', ({ codec, bytes }) => {
    expect(() => codec.decode(bytes)).toThrow(CandidError);
  });

  it('may be as long as it likes in bytes, and has room for what anybody needs', () => {
    const bytes = candidCodec(() => [IDL.Vec(IDL.Nat8)]);
    const blob = new Uint8Array(100_001);
    expect(bytes.decode(bytes.encode([blob]))).toEqual([blob]);
    expect(texts.decode(emptyTexts(99_990))[0]).toHaveLength(99_990);
  });

  /** A list of so many texts of no characters. */
  function emptyTexts(many: number): Uint8Array {
    const length = [(many & 0x7f) | 0x80, ((many >> 7) & 0x7f) | 0x80, many >> 14];
    return Uint8Array.from([...hex(`${DIDL} 01 6d71 01 00`), ...length, ...new Uint8Array(many)]);
  }

  function endless(type: number): Uint8Array {
    const head = [...hex(`${DIDL} 00 01`), type];
    return Uint8Array.from([...head, ...new Uint8Array(100_000).fill(0x80), 0]);
  }

  /** Options of options, each a type of its own. */
  function chain(levels: number): string {
    const leb = (value: number) => Buffer.from([(value & 0x7f) | 0x80, value >> 7]).toString('hex');
    let table = leb(levels);
    for (let level = 1; level < levels; level += 1) table += `6e${leb(level)}`;
    return `${table}6e7f 01 00 00`;
  }
});

describe('types inside themselves', () => {
  const Value = lazy(() => {
    const value = IDL.Rec();
    value.fill(
      IDL.Variant({
        Nat: IDL.Nat,
        Text: IDL.Text,
        Blob: IDL.Vec(IDL.Nat8),
        Array: IDL.Vec(value),
        Map: IDL.Vec(IDL.Tuple(IDL.Text, value)),
      }),
    );
    return value;
  });
  const values = {
    Map: [
      ['tx', { Map: [['amt', { Nat: 10n ** 30n }]] }],
      ['list', { Array: [{ Text: 'a' }, { Blob: Uint8Array.of(1, 2) }] }],
    ],
  };

  it('are written for the library and read from it', () => {
    const codec = codecOf([Value]);
    expect(IDL.decode([Value], codec.encode([values]))).toEqual([values]);
    expect(codec.decode(libraryEncode([Value], [values]))).toEqual([values]);
    expect(codec.decode(codec.encode([values]))).toEqual([values]);
  });

  it('are read from a type that says the same in other words', () => {
    const once = IDL.Variant({
      Nat: IDL.Nat,
      Text: IDL.Text,
      Blob: IDL.Vec(IDL.Nat8),
      Array: IDL.Vec(Value),
      Map: IDL.Vec(IDL.Tuple(IDL.Text, Value)),
    });
    expect(codecOf([Value]).decode(libraryEncode([once], [values]))).toEqual([values]);
  });
});

describe('references to functions', () => {
  const principal = Principal.fromText('aaaaa-aa');
  const Sent = IDL.Func([IDL.Opt(IDL.Nat)], [IDL.Nat, IDL.Text], ['query']);
  const message = libraryEncode([Sent], [[principal, 'get']]);

  it.each([
    { desc: 'the same', expected: Sent, isTaken: true },
    { desc: 'fewer results', expected: IDL.Func([], [IDL.Nat], ['query']), isTaken: true },
    { desc: 'a wider result', expected: IDL.Func([], [IDL.Reserved], ['query']), isTaken: true },
    { desc: 'another mode', expected: IDL.Func([], [IDL.Nat], []), isTaken: false },
    { desc: 'another result', expected: IDL.Func([], [IDL.Bool], ['query']), isTaken: false },
  ])('are taken for a subtype only: $desc', ({ expected, isTaken }) => {
    const codec = candidCodec(() => [expected]);
    if (isTaken) expect(codec.decode(message)).toEqual([[principal, 'get']]);
    else expect(() => codec.decode(message)).toThrow(CandidError);
  });
});

describe('values that do not fit', () => {
  const Amount = IDL.Record({
    amount: IDL.Nat64,
    to: IDL.Variant({ Me: IDL.Null, You: IDL.Nat8 }),
  });

  it.each([
    { value: { amount: -1n, to: { Me: null } }, message: 'amount: not a nat64: "-1"' },
    { value: { amount: 2n ** 64n, to: { Me: null } }, message: 'amount: not a nat64' },
    { value: { amount: 1.5, to: { Me: null } }, message: 'amount: not a nat64: 1.5' },
    { value: { to: { Me: null } }, message: 'amount: not a nat64: null' },
    { value: { amount: 1n, to: { Nobody: null } }, message: 'to: not a variant' },
    { value: { amount: 1n, to: { Me: null, You: 1 } }, message: 'to: not a variant' },
    { value: { amount: 1n, to: { You: 256 } }, message: 'to: You: not a nat8: 256' },
    { value: undefined, message: 'not a record' },
  ])('are refused with their place: $message', ({ value, message }) => {
    expect(() => codecOf([Amount]).encode([value])).toThrow(message);
    expect(() => libraryEncode([Amount], [value])).toThrow();
    const right = [{ amount: 1n, to: { Me: null } }];
    expect(codecOf([Amount]).encode(right)).toEqual(libraryEncode([Amount], right));
  });

  it('are refused in the wrong number', () => {
    expect(() => text.encode([])).toThrow('wrong number of values');
  });
});

describe('lazy types', () => {
  it('are built when they are first used, and once', () => {
    let built = 0;
    const Token = lazy(() => {
      built += 1;
      return IDL.Record({ symbol: IDL.Text });
    });
    const Answer = lazy(() => IDL.Variant({ Ok: IDL.Vec(Token), None: IDL.Opt(Token) }));
    const codec = codecOf([Answer]);
    expect(built).toBe(0);
    const bytes = codec.encode([{ Ok: [{ symbol: 'ICP' }] }]);
    expect(bytes).toEqual(libraryEncode([Answer], [{ Ok: [{ symbol: 'ICP' }] }]));
    expect(IDL.decode([Answer], bytes)).toEqual([{ Ok: [{ symbol: 'ICP' }] }]);
    expect(built).toBe(1);
  });

  it('pass for what they stand for', () => {
    const Token = lazy(() => IDL.Record({ symbol: IDL.Text }));
    expect(Token).toBeInstanceOf(IDL.RecordClass);
    expect(Token).toBeInstanceOf(IDL.Type);
    expect(Token.display()).toBe('record {symbol:text}');
    expect(IDL.subtype(Token, IDL.Record({}))).toBe(true);
  });
});

describe('codecOf', () => {
  it('gives the same codec for the same types, and another for others', () => {
    const Token = IDL.Record({ symbol: IDL.Text });
    expect(codecOf([Token, IDL.Nat])).toBe(codecOf([Token, IDL.Nat]));
    expect(codecOf([Token, IDL.Nat])).not.toBe(codecOf([Token, IDL.Int]));
    expect(codecOf([Token])).not.toBe(codecOf([IDL.Record({ symbol: IDL.Text })]));
    expect(codecOf([])).toBe(codecOf([]));
  });
});
