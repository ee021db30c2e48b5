import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './account.ts';
import { decodeValue, encodeValue } from './icrc3-codec.ts';
import { hashValue, type Icrc3Value } from './icrc3-value.ts';

/** Source: ICRC-3 standard, "Value", test vectors. */
const VECTORS: readonly { readonly desc: string; readonly value: Icrc3Value; hash: string }[] = [
  {
    desc: 'nat',
    value: { Nat: 42n },
    hash: '684888c0ebb17f374298b65ee2807526c066094c701bcc7ebbe1c1095f494fc1',
  },
  {
    desc: 'negative int',
    value: { Int: -42n },
    hash: 'de5a6f78116eca62d7fc5ce159d23ae6b889b365a1739ad2cf36f925a140d0cc',
  },
  {
    desc: 'text',
    value: { Text: 'Hello, World!' },
    hash: 'dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f',
  },
  {
    desc: 'blob',
    value: { Blob: fromHex('01020304') },
    hash: '9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a',
  },
  {
    desc: 'array',
    value: { Array: [{ Nat: 3n }, { Text: 'foo' }, { Blob: fromHex('0506') }] },
    hash: '514a04011caa503990d446b7dec5d79e19c221ae607fb08b2848c67734d468d6',
  },
  {
    desc: 'map',
    value: {
      Map: [
        ['from', { Blob: fromHex('00abcdef0012340056789a00bcdef000012345678900abcdef01') }],
        ['to', { Blob: fromHex('00ab0def0012340056789a00bcdef000012345678900abcdef01') }],
        ['amount', { Nat: 42n }],
        ['created_at', { Nat: 1_699_218_263n }],
        ['memo', { Nat: 0n }],
      ],
    },
    hash: 'c56ece650e1de4269c5bdeff7875949e3e2033f85b2d193c2ff4f7f78bdcfc75',
  },
];

describe('hashValue', () => {
  it.each(VECTORS)('gives the hash of the standard for a $desc', ({ value, hash }) => {
    expect(toHex(hashValue(value))).toBe(hash);
  });

  it('does not depend on the order of map entries', () => {
    const entries: [string, Icrc3Value][] = [
      ['a', { Nat: 1n }],
      ['b', { Text: 'x' }],
    ];
    expect(hashValue({ Map: entries })).toEqual(hashValue({ Map: [...entries].reverse() }));
  });
});

describe('encodeValue', () => {
  it('keeps numbers beyond 64 bits, empty blobs and nested maps', () => {
    const value: Icrc3Value = {
      Map: [
        ['amt', { Nat: 2n ** 127n }],
        ['list', { Array: [{ Blob: new Uint8Array() }, { Nat: 0n }] }],
        ['small', { Map: [['x', { Text: '' }]] }],
      ],
    };
    expect(hashValue(decodeValue(encodeValue(value)))).toEqual(hashValue(value));
  });

  it('puts the self-describing tag first, as the ICRC-1 ledger does', () => {
    expect(toHex(encodeValue({ Text: 'a' }))).toBe('d9d9f76161');
  });
});
