import { Ed25519KeyIdentity } from '@dfinity/identity';
import { describe, expect, it } from 'vitest';
import { delegate } from './delegate.ts';
import { personKey } from './person-key.ts';
import { readWindowMessage } from './window-protocol.ts';

const SESSION_KEY = new Uint8Array(
  Ed25519KeyIdentity.generate(new Uint8Array(32).fill(1)).getPublicKey().toDer(),
);
/** As auth-client 3.4.3 sends it. */
const MESSAGE = {
  kind: 'authorize-client',
  sessionPublicKey: SESSION_KEY,
  maxTimeToLive: 28_800_000_000_000n,
  allowPinAuthentication: undefined,
  derivationOrigin: undefined,
};

function login(message: unknown) {
  const incoming = readWindowMessage(message);
  if (incoming.kind !== 'login') throw new Error(`not a login but ${incoming.kind}`);
  return incoming;
}

describe('readWindowMessage', () => {
  it('reads what the client asks for', () => {
    expect(login(MESSAGE).request).toEqual({
      sessionKeyDer: SESSION_KEY,
      timeToLiveNs: 28_800_000_000_000n,
      derivationOrigin: undefined,
    });
    const derivationOrigin = 'https://app.localhost:8443';
    expect(login({ ...MESSAGE, derivationOrigin, custom: 1 }).request).toHaveProperty(
      'derivationOrigin',
      derivationOrigin,
    );
    expect(login({ ...MESSAGE, maxTimeToLive: undefined }).request).toHaveProperty(
      'timeToLiveNs',
      undefined,
    );
  });

  it.each([
    undefined,
    null,
    'authorize-client',
    [],
    {},
    { kind: 'authorize-ready' },
    { jsonrpc: '2.0', id: 1, method: 'icrc29_status' },
  ])('leaves %o to others', (message) => {
    expect(readWindowMessage(message)).toEqual({ kind: 'unknown' });
  });

  it.each([
    { desc: 'no key', change: { sessionPublicKey: undefined } },
    { desc: 'an empty key', change: { sessionPublicKey: new Uint8Array() } },
    { desc: 'an endless key', change: { sessionPublicKey: new Uint8Array(1_001) } },
    { desc: 'a key in text', change: { sessionPublicKey: 'MCowBQ==' } },
    { desc: 'a time that is no bigint', change: { maxTimeToLive: 5 } },
    { desc: 'no time at all', change: { maxTimeToLive: 0n } },
    { desc: 'a derivation origin with a path', change: { derivationOrigin: 'http://a.b/c' } },
    { desc: 'a derivation origin that is none', change: { derivationOrigin: 'null' } },
  ])('refuses $desc', ({ change }) => {
    expect(readWindowMessage({ ...MESSAGE, ...change })).toEqual({
      kind: 'reply',
      message: { kind: 'authorize-client-failure', text: 'Invalid authorization request' },
    });
  });

  it('answers with the chain as bytes that the client takes', async () => {
    const person = personKey({ method: 'passkey', person: 'A', origin: 'http://a.localhost' });
    const { request, toMessage } = login(MESSAGE);
    const chain = await delegate({ ...request, person, nowMs: 0 });
    expect(toMessage({ kind: 'delegated', chain, method: 'passkey' })).toEqual({
      kind: 'authorize-client-success',
      delegations: [
        {
          delegation: { pubkey: SESSION_KEY, expiration: 28_800_000_000_000n },
          signature: chain.delegations[0]?.signature,
        },
      ],
      userPublicKey: new Uint8Array(person.getPublicKey().toDer()),
      authnMethod: 'passkey',
    });
  });

  it("cancels with the client's own word, and fails with the reason", () => {
    const { toMessage } = login(MESSAGE);
    const kind = 'authorize-client-failure';
    expect(toMessage({ kind: 'cancelled' })).toEqual({ kind, text: 'UserInterrupt' });
    expect(toMessage({ kind: 'failed', reason: 'why' })).toEqual({ kind, text: 'why' });
  });
});
