import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { requestIdOf } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { hashOfMap } from './request-id.ts';

describe('hashOfMap', () => {
  it('gives the request id of the example in the specification', () => {
    const id = hashOfMap({
      request_type: 'call',
      sender: Uint8Array.of(0x04),
      ingress_expiry: 1_685_570_400_000_000_000n,
      canister_id: hexToBytes('00000000000004d2'),
      method_name: 'hello',
      arg: hexToBytes('4449444c00fd2a'),
    });
    expect(bytesToHex(id)).toBe('1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101');
  });

  it('leaves out undefined fields and hashes nested maps and lists', () => {
    const paths = [[utf8('time')], [utf8('subnet'), Uint8Array.of(1)]];
    const inner = { arg: utf8('x'), absent: undefined };
    expect(hashOfMap({ paths, inner, absent: undefined })).toEqual(
      hashOfMap({ inner: { arg: utf8('x') }, paths }),
    );
    expect(hashOfMap({ paths })).not.toEqual(hashOfMap({ paths: [paths.flat()] }));
  });

  it('agrees with the agent library on any call', () => {
    const bytes = fc.uint8Array({ maxLength: 64 });
    const call = fc.record({
      canister: fc.uint8Array({ minLength: 1, maxLength: 29 }),
      sender: fc.uint8Array({ minLength: 1, maxLength: 29 }),
      arg: bytes,
      nonce: bytes,
      method: fc.string({ unit: 'grapheme' }),
      expiry: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    });
    fc.assert(
      fc.property(call, ({ canister, sender, arg, nonce, method, expiry }) => {
        const content = { request_type: 'call', method_name: method, arg, nonce };
        const theirs = requestIdOf({
          ...content,
          canister_id: Principal.fromUint8Array(canister),
          sender: Principal.fromUint8Array(sender),
          ingress_expiry: expiry,
        });
        const ours = hashOfMap({
          ...content,
          canister_id: canister,
          sender,
          ingress_expiry: expiry,
        });
        expect(bytesToHex(ours)).toBe(bytesToHex(theirs));
      }),
    );
  });
});
