import { Ed25519KeyIdentity } from '@dfinity/identity';
import { describe, expect, it } from 'vitest';
import { delegate } from './delegate.ts';
import { personKey } from './person-key.ts';
import { readSignerMessage } from './signer-protocol.ts';

const SESSION_KEY = new Uint8Array(
  Ed25519KeyIdentity.generate(new Uint8Array(32).fill(1)).getPublicKey().toDer(),
);
/** As @icp-sdk/signer 5.4.0 sends it. */
const CALL = {
  jsonrpc: '2.0',
  id: 'f2a7',
  method: 'icrc34_delegation',
  params: {
    publicKey: Buffer.from(SESSION_KEY).toString('base64'),
    maxTimeToLive: '28800000000000',
  },
};

function login(call: unknown) {
  const incoming = readSignerMessage(call);
  if (incoming.kind !== 'login') throw new Error(`not a login but ${incoming.kind}`);
  return incoming;
}

function replyTo(call: unknown): unknown {
  const incoming = readSignerMessage(call);
  return incoming.kind === 'reply' ? incoming.message : incoming.kind;
}

describe('readSignerMessage', () => {
  it.each([
    { method: 'icrc29_status', result: 'ready' },
    {
      method: 'icrc25_permissions',
      result: { scopes: [{ scope: { method: 'icrc34_delegation' }, state: 'granted' }] },
    },
    {
      method: 'icrc25_request_permissions',
      result: { scopes: [{ scope: { method: 'icrc34_delegation' }, state: 'granted' }] },
    },
  ])('answers $method at once', ({ method, result }) => {
    expect(replyTo({ jsonrpc: '2.0', id: 7, method })).toEqual({ jsonrpc: '2.0', id: 7, result });
  });

  it('says which standards it supports', () => {
    expect(replyTo({ ...CALL, method: 'icrc25_supported_standards' })).toMatchObject({
      result: {
        supportedStandards: ['ICRC-25', 'ICRC-29', 'ICRC-34', 'ICRC-95'].map((name) => ({ name })),
      },
    });
  });

  it.each(['ii-icrc3-attributes', 'icrc27_accounts', 'icrc49_call_canister', 'toString'])(
    'says that it does not support %s',
    (method) => {
      expect(replyTo({ ...CALL, method })).toEqual({
        jsonrpc: '2.0',
        id: 'f2a7',
        error: { code: 2_000, message: `${method} is not supported` },
      });
    },
  );

  it.each([
    { desc: 'a notification', call: { ...CALL, id: undefined } },
    { desc: 'a call with the id null', call: { ...CALL, id: null } },
    { desc: 'another version', call: { ...CALL, jsonrpc: '1.0' } },
    { desc: 'a response', call: { jsonrpc: '2.0', id: 1, result: 'ready' } },
    { desc: 'a batch', call: [CALL] },
    { desc: 'the other protocol', call: { kind: 'authorize-client' } },
  ])('does not answer $desc', ({ call }) => {
    expect(readSignerMessage(call)).toEqual({ kind: 'unknown' });
  });

  it('reads what the client asks for, and no targets', () => {
    const targets = ['ryjl3-tyaaa-aaaaa-aaaba-cai'];
    const icrc95DerivationOrigin = 'http://a.localhost:1';
    const params = { ...CALL.params, targets, icrc95DerivationOrigin };
    expect(login({ ...CALL, params }).request).toEqual({
      sessionKeyDer: SESSION_KEY,
      timeToLiveNs: 28_800_000_000_000n,
      derivationOrigin: icrc95DerivationOrigin,
    });
  });

  it.each([
    { desc: 'none', params: undefined },
    { desc: 'no key', params: {} },
    { desc: 'an empty key', params: { publicKey: '' } },
    { desc: 'a key that is not base64', params: { publicKey: 'MC_-' } },
    { desc: 'a key without padding', params: { publicKey: 'MCo' } },
    { desc: 'a time of zero', params: { ...CALL.params, maxTimeToLive: '0' } },
    { desc: 'a negative time', params: { ...CALL.params, maxTimeToLive: '-5' } },
    { desc: 'a time that is a number', params: { ...CALL.params, maxTimeToLive: 5 } },
    { desc: 'an endless time', params: { ...CALL.params, maxTimeToLive: '9'.repeat(31) } },
    { desc: 'a bad origin', params: { ...CALL.params, icrc95DerivationOrigin: 'a.localhost' } },
  ])('refuses params: $desc', ({ params }) => {
    expect(replyTo({ ...CALL, params })).toMatchObject({ id: 'f2a7', error: { code: -32_602 } });
  });

  it('answers with the chain as text', async () => {
    const person = personKey({ method: 'google', person: 'a@b.c', origin: 'http://a.localhost' });
    const { request, toMessage } = login(CALL);
    const chain = await delegate({ ...request, person, nowMs: 0 });
    const signature = chain.delegations[0]?.signature ?? new Uint8Array();
    expect(toMessage({ kind: 'delegated', chain, method: 'google' })).toEqual({
      jsonrpc: '2.0',
      id: 'f2a7',
      result: {
        publicKey: Buffer.from(person.getPublicKey().toDer()).toString('base64'),
        signerDelegation: [
          {
            delegation: { pubkey: CALL.params.publicKey, expiration: '28800000000000' },
            signature: Buffer.from(signature).toString('base64'),
          },
        ],
      },
    });
  });

  it('cancels and fails with the codes of the standard', () => {
    const { toMessage } = login(CALL);
    expect(toMessage({ kind: 'cancelled' })).toMatchObject({ error: { code: 3_001 } });
    expect(toMessage({ kind: 'failed', reason: 'why' })).toMatchObject({
      error: { code: 1_000, message: 'why' },
    });
  });
});
