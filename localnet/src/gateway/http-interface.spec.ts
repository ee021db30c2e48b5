import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../crypto/bytes.ts';
import {
  decodeHttpResponse,
  decodeStreamedPart,
  encodeHttpRequest,
  encodeHttpUpdateRequest,
  UndecodableReplyError,
} from './http-interface.ts';

const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');

const List = IDL.Rec();
List.fill(IDL.Opt(IDL.Record({ head: IDL.Int, tail: List })));

const TOKENS: [string, IDL.Type, unknown][] = [
  [
    'a record',
    IDL.Record({ key: IDL.Text, index: IDL.Nat, sha256: IDL.Opt(IDL.Vec(IDL.Nat8)) }),
    {
      key: '/a',
      index: 2n ** 70n,
      sha256: [Uint8Array.of(1, 2)],
    },
  ],
  ['a text', IDL.Text, 'next'],
  ['a nat', IDL.Nat, 5n],
  ['a nat32', IDL.Nat32, 7],
  ['a bool', IDL.Bool, false],
  ['a blob', IDL.Vec(IDL.Nat8), Uint8Array.of(9, 8)],
  ['a variant', IDL.Variant({ Next: IDL.Nat64, Done: IDL.Null }), { Next: 3n }],
  ['a tuple', IDL.Tuple(IDL.Text, IDL.Int8), ['x', -1]],
  ['a principal', IDL.Principal, CANISTER],
  ['a recursive type', List, [{ head: 1n, tail: [{ head: -2n, tail: [] }] }]],
];

function httpResponse(type: IDL.Type, token: unknown): Uint8Array {
  const callback = IDL.Func([type], [IDL.Opt(IDL.Record({ body: IDL.Vec(IDL.Nat8) }))], ['query']);
  const Response = IDL.Record({
    status_code: IDL.Nat16,
    headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    body: IDL.Vec(IDL.Nat8),
    streaming_strategy: IDL.Opt(IDL.Variant({ Callback: IDL.Record({ callback, token: type }) })),
    extra: IDL.Text,
  });
  const value = {
    status_code: 200,
    headers: [['a', 'b']],
    body: utf8('body'),
    streaming_strategy: [{ Callback: { callback: [CANISTER, 'more'], token } }],
    extra: 'ignored',
  };
  return new Uint8Array(IDL.encode([Response], [value]));
}

describe('streaming tokens', () => {
  it.each(TOKENS)('pass through as %s', (_, type, value) => {
    const { streaming } = decodeHttpResponse('http_request', httpResponse(type, value));
    expect(streaming?.method).toBe('more');
    expect(streaming?.canisterId.toText()).toBe(CANISTER.toText());
    expect(IDL.decode([type], streaming?.token ?? new Uint8Array())).toEqual([value]);
  });

  it.each(TOKENS)('go on as %s, with or without opt around the part', (_, type, value) => {
    const Part = IDL.Record({ body: IDL.Vec(IDL.Nat8), token: IDL.Opt(type) });
    const part = { body: utf8('part'), token: [value] };
    const replies = [IDL.encode([Part], [part]), IDL.encode([IDL.Opt(Part)], [[part]])];
    for (const reply of replies) {
      const decoded = decodeStreamedPart('more', new Uint8Array(reply));
      expect(decoded.body).toEqual(utf8('part'));
      expect(IDL.decode([type], decoded.token ?? new Uint8Array())).toEqual([value]);
    }
  });

  it('end with a part without token, or with null', () => {
    const Part = IDL.Record({ body: IDL.Vec(IDL.Nat8), token: IDL.Opt(IDL.Text) });
    const last = new Uint8Array(IDL.encode([Part], [{ body: utf8('end'), token: [] }]));
    expect(decodeStreamedPart('more', last)).toEqual({ body: utf8('end'), token: undefined });
    const nothing = new Uint8Array(IDL.encode([IDL.Opt(Part)], [[]]));
    expect(decodeStreamedPart('more', nothing)).toEqual({
      body: new Uint8Array(),
      token: undefined,
    });
  });
});

describe('requests', () => {
  const request = { method: 'GET', url: '/x', headers: [], body: utf8('b') };
  const Versioned = IDL.Record({ url: IDL.Text, certificate_version: IDL.Opt(IDL.Nat16) });

  it('ask queries for certificates of version 2 and updates for none', () => {
    const decode = (arg: Uint8Array): unknown => IDL.decode([Versioned], arg)[0];
    expect(decode(encodeHttpRequest(request))).toEqual({ url: '/x', certificate_version: [2] });
    expect(decode(encodeHttpUpdateRequest(request))).toEqual({
      url: '/x',
      certificate_version: [],
    });
  });
});

describe('replies that are something else', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['no Candid', utf8('hello')],
    ['another type', new Uint8Array(IDL.encode([IDL.Text], ['hello']))],
    ['no value', new Uint8Array(IDL.encode([], []))],
  ])('are named: %s', (_, reply) => {
    expect(() => decodeHttpResponse('http_request', reply)).toThrow(UndecodableReplyError);
  });
});
