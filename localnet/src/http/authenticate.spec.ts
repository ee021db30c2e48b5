import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import {
  callContent,
  delegate,
  envelopeBody,
  newSigner,
  readStateContent,
  type EnvelopeInput,
  type Scheme,
  type Signer,
} from '../../test/support/ic-request.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { parseUserKey } from '../crypto/parse-user-key.ts';
import { authenticate, expiryHere, isTarget } from './authenticate.ts';
import type { Scope } from './delegation.ts';
import { parseEnvelope } from './envelope.ts';
import { HttpError } from './http-error.ts';
import { createSubnetKeys } from './subnet-keys.ts';

const NOW_NS = 1_700_000_000_000_000_000n;
const SECOND_NS = 1_000_000_000n;
const MINUTE_NS = 60n * SECOND_NS;
const CANISTER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const OTHER_CANISTER = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const { rootKeyDer } = createSubnetKeys(new Uint8Array(1));

const user = newSigner('ed25519');
const session = newSigner('p256');

function authenticateBody(body: Uint8Array): Scope {
  return authenticate(parseEnvelope(body), {
    nowNs: NOW_NS,
    aheadNs: 0n,
    parseKey: (der) => parseUserKey(der, rootKeyDer),
  });
}

function attempt(envelope: EnvelopeInput): Scope {
  return authenticateBody(envelopeBody(envelope));
}

function callBy(sender: Signer | undefined, changes: Record<string, unknown> = {}) {
  const call = callContent({
    canisterId: CANISTER,
    method: 'greet',
    expiryNs: NOW_NS + MINUTE_NS,
    ...(sender && { sender: sender.principal }),
    ...changes,
  });
  return call;
}

function refusal(run: () => unknown): HttpError {
  try {
    run();
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('authenticate', () => {
  it.each<Scheme>(['ed25519', 'p256', 'secp256k1'])('accepts a call signed with %s', (scheme) => {
    const sender = newSigner(scheme);
    const scope = attempt({ content: callBy(sender), sender });
    expect(scope).toEqual({ targets: undefined, allowsUpdates: true });
  });

  it('accepts an anonymous call without a signature only', () => {
    const content = callBy(undefined);
    expect(attempt({ content }).allowsUpdates).toBe(true);
    const message = refusal(() => attempt({ content, sender: user })).message;
    expect(message).toBe('Signature is not allowed for the anonymous user');
  });

  it('refuses a missing, foreign, cut or changed signature', () => {
    const content = callBy(user);
    expect(refusal(() => attempt({ content })).message).toMatch(/^Missing signature from user: /);
    const foreign = refusal(() => attempt({ content, sender: session }));
    expect(foreign.message).toMatch(/does not match the public key/);
    const other = newSigner('ed25519');
    const forged = refusal(() => attempt({ content, sender: user, signer: other }));
    expect(forged.message).toMatch(/^Invalid signature: Invalid basic signature: /);
    const cut = { ...user, sign: (payload: Uint8Array) => user.sign(payload).slice(1) };
    expect(refusal(() => attempt({ content, sender: cut })).status).toBe(400);
  });

  it('refuses half an authentication', () => {
    const body = encodeCbor({ content: callBy(user), sender_pubkey: user.publicKeyDer });
    expect(refusal(() => authenticateBody(body)).message).toMatch(
      /missing public key or signature/,
    );
    const delegationOnly = encodeCbor({ content: callBy(undefined), sender_delegation: [] });
    expect(refusal(() => authenticateBody(delegationOnly)).status).toBe(400);
  });

  it('refuses a signature on another request', () => {
    const other = { ...user, sign: () => user.sign(new Uint8Array(43)) };
    expect(refusal(() => attempt({ content: callBy(user), sender: other })).status).toBe(400);
  });

  it.each([
    ['expired by a nanosecond', -1n, false],
    ['expiring now', 0n, true],
    ['expiring in 5 minutes', 5n * MINUTE_NS, true],
    ['expiring in 5 minutes and the permitted drift', 330n * SECOND_NS, true],
    ['expiring a nanosecond later', 330n * SECOND_NS + 1n, false],
    ['that never expires', 2n ** 64n - 1n - NOW_NS, false],
  ])('decides on a call %s', (_, aheadNs, isAccepted) => {
    const content = callBy(user, { expiryNs: NOW_NS + aheadNs });
    if (isAccepted) {
      expect(attempt({ content, sender: user }).allowsUpdates).toBe(true);
      return;
    }
    const { status, message } = refusal(() => attempt({ content, sender: user }));
    expect(status).toBe(400);
    expect(message).toMatch(/^Invalid request expiry: Specified ingress_expiry not within /);
    expect(message).toContain('Minimum allowed expiry: 2023-11-14 22:13:20 UTC');
  });

  it.each([
    ['by the wall clock', MINUTE_NS, 3_600n * SECOND_NS + MINUTE_NS],
    ['by the time here', 3_600n * SECOND_NS + MINUTE_NS, 3_600n * SECOND_NS + MINUTE_NS],
    ['by neither', 1_800n * SECOND_NS, undefined],
    ['by the wall clock, and expired', -1n, undefined],
    ['by the time here, and expired', 3_600n * SECOND_NS - 1n, undefined],
  ])('takes requests dated %s where time is an hour ahead', (_, afterWallNs, hereAfterNs) => {
    const aheadNs = 3_600n * SECOND_NS;
    const clock = { nowNs: NOW_NS + aheadNs, aheadNs };
    const expiry = (): bigint => expiryHere(NOW_NS + afterWallNs, clock);
    if (hereAfterNs === undefined) expect(expiry).toThrow(HttpError);
    else expect(expiry()).toBe(NOW_NS + hereAfterNs);
  });

  it('does not look at the expiry of anonymous reads, by which clients learn the time', () => {
    const query = callBy(undefined, { kind: 'query', expiryNs: 1n });
    expect(attempt({ content: query }).allowsUpdates).toBe(true);
    const read = readStateContent({ paths: [], expiryNs: 1n });
    expect(attempt({ content: read }).allowsUpdates).toBe(true);
    const call = callBy(undefined, { expiryNs: 1n });
    expect(refusal(() => attempt({ content: call })).message).toMatch(/^Invalid request expiry: /);
    const signed = callBy(user, { kind: 'query', expiryNs: 1n });
    expect(refusal(() => attempt({ content: signed, sender: user })).status).toBe(400);
  });

  it('takes nonces of up to 32 bytes', () => {
    const call = (length: number) => callBy(undefined, { nonce: new Uint8Array(length) });
    expect(attempt({ content: call(32) }).allowsUpdates).toBe(true);
    expect(refusal(() => attempt({ content: call(33) })).message).toMatch(/^Nonce in request/);
  });

  it('refuses sender information that no canister vouches for', () => {
    const sender_info = {
      info: Uint8Array.of(1),
      signer: CANISTER.toUint8Array(),
      sig: new Uint8Array(64),
    };
    const content = { ...callBy(user), sender_info };
    expect(refusal(() => attempt({ content, sender: user })).message).toMatch(
      /^Invalid sender info/,
    );
    const anonymous = { ...callBy(undefined), sender_info };
    expect(refusal(() => attempt({ content: anonymous })).message).toMatch(/^Invalid sender info/);
  });
});

describe('delegations', () => {
  const expirationNs = NOW_NS + 1n;
  const content = callBy(user);

  function attemptChain(delegations: EnvelopeInput['delegations'], signer: Signer): Scope {
    return attempt({ content, sender: user, delegations: delegations ?? [], signer });
  }

  it('lets the last key of a chain sign', () => {
    const last = newSigner('secp256k1');
    const chain = [
      delegate(user, session, { expirationNs }),
      delegate(session, last, { expirationNs, targets: [CANISTER.toUint8Array()] }),
    ];
    const scope = attemptChain(chain, last);
    expect(isTarget(scope, CANISTER)).toBe(true);
    expect(isTarget(scope, OTHER_CANISTER)).toBe(false);
    expect(refusal(() => attemptChain(chain, session)).status).toBe(400);
    expect(refusal(() => attemptChain(chain.toReversed(), last)).status).toBe(400);
  });

  it('takes a chain of 20 and not of 21', () => {
    const keys = [user, ...Array.from({ length: 21 }, () => newSigner('ed25519'))];
    const chain = keys.slice(1).map((to, index) => {
      const from = keys[index];
      if (from === undefined) throw new Error('BUG: no key');
      return delegate(from, to, { expirationNs });
    });
    const signer = (index: number): Signer => keys[index] ?? user;
    expect(attemptChain(chain.slice(0, 20), signer(20)).allowsUpdates).toBe(true);
    expect(refusal(() => attemptChain(chain, signer(21))).message).toMatch(/too long: got 21/);
  });

  it('refuses a chain in which a key comes twice', () => {
    const back = [
      delegate(user, session, { expirationNs }),
      delegate(session, user, { expirationNs }),
    ];
    expect(refusal(() => attemptChain(back, user)).message).toMatch(/at least one cycle/);
    const self = [delegate(user, user, { expirationNs })];
    expect(refusal(() => attemptChain(self, user)).message).toMatch(/at least one cycle/);
  });

  it('refuses an expired, a forged and a changed delegation', () => {
    const expired = [delegate(user, session, { expirationNs: NOW_NS - 1n })];
    const late = refusal(() => attemptChain(expired, session)).message;
    expect(late).toMatch(/^Invalid delegation expiry: Specified sender delegation has expired/);
    const forged = [delegate(session, session, { expirationNs })];
    expect(refusal(() => attemptChain(forged, session)).message).toMatch(/^Invalid delegation: /);
    const [first] = [delegate(user, session, { expirationNs })];
    const longer = { ...first, delegation: { ...first.delegation, expiration: expirationNs + 1n } };
    expect(refusal(() => attemptChain([longer], session)).status).toBe(400);
  });

  it('allows only what every delegation targets', () => {
    const both = [CANISTER.toUint8Array(), OTHER_CANISTER.toUint8Array()];
    const narrow = (targets: Uint8Array[]) => [delegate(user, session, { expirationNs, targets })];
    expect(isTarget(attemptChain(narrow(both), session), OTHER_CANISTER)).toBe(true);
    const missed = refusal(() => attemptChain(narrow(both.slice(1)), session));
    expect(missed.message).toMatch(/is not one of the delegation targets/);
    expect(refusal(() => attemptChain(narrow([]), session)).status).toBe(400);
    const many = Array.from({ length: 1_001 }, () => CANISTER.toUint8Array());
    expect(refusal(() => attemptChain(narrow(many), session)).message).toMatch(/at most 1000/);
    expect(isTarget(attemptChain(narrow(many.slice(1)), session), CANISTER)).toBe(true);
  });

  it('lets a delegation for queries not sign calls, whatever comes after it', () => {
    const last = newSigner('ed25519');
    const chain = [
      delegate(user, session, { expirationNs, permissions: 'queries' }),
      delegate(session, last, { expirationNs, permissions: 'all' }),
    ];
    expect(refusal(() => attemptChain(chain, last)).message).toMatch(
      /update calls are not permitted/,
    );
    const query = callBy(user, { kind: 'query' });
    const scope = attempt({ content: query, sender: user, delegations: chain, signer: last });
    expect(scope.allowsUpdates).toBe(false);
    const unknown = [delegate(user, session, { expirationNs, permissions: 'everything' })];
    expect(refusal(() => attemptChain(unknown, session)).message).toMatch(/unknown permissions/);
  });
});

describe('parseEnvelope', () => {
  const valid = callBy(undefined);

  it.each([
    ['no content', {}],
    ['content that is a list', { content: [] }],
    ['an unknown request type', { content: { ...valid, request_type: 'mutate' } }],
    ['a sender longer than a principal', { content: { ...valid, sender: new Uint8Array(30) } }],
    ['a missing method', { content: { ...valid, method_name: undefined } }],
    ['a method that is a blob', { content: { ...valid, method_name: new Uint8Array(1) } }],
    ['an expiry that is a text', { content: { ...valid, ingress_expiry: '1' } }],
    ['a negative expiry', { content: { ...valid, ingress_expiry: -1 } }],
    ['a path that is no list', { content: { ...valid, request_type: 'read_state', paths: [1] } }],
    ['a label that is text', { content: { ...valid, request_type: 'read_state', paths: [['a']] } }],
    ['a delegation that is no map', { content: valid, sender_delegation: [1] }],
  ])('refuses %s', (_, envelope) => {
    const { status, message } = refusal(() => parseEnvelope(encodeCbor(envelope)));
    expect(status).toBe(400);
    expect(message).toMatch(/^Failed to deserialize cbor request: /);
  });

  it('ignores fields it does not know, in the request id too', () => {
    const plain = parseEnvelope(encodeCbor({ content: valid }));
    const extended = parseEnvelope(encodeCbor({ content: { ...valid, colour: 'red' }, size: 1 }));
    expect(extended.content.id).toEqual(plain.content.id);
  });
});
