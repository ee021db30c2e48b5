import { DelegationIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSubnetKeys } from '../../http/subnet-keys.ts';
import { delegationPayload } from '../../http/delegation.ts';
import { parseUserKey } from '../../crypto/parse-user-key.ts';
import { SignatureError } from '../../crypto/user-key.ts';
import { delegate } from './delegate.ts';
import { personKey } from './person-key.ts';

const NOW_MS = 1_700_000_000_000;
const NOW_NS = BigInt(NOW_MS) * 1_000_000n;
const MINUTE_NS = 60_000_000_000n;
const DAY_NS = 1_440n * MINUTE_NS;
const PERSON = personKey({ method: 'google', person: 'a@b.c', origin: 'http://app.localhost' });

let session: Ed25519KeyIdentity;

beforeAll(() => {
  session = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(1));
});

async function linkFor(timeToLiveNs: bigint | undefined) {
  const sessionKeyDer = session.getPublicKey().toDer();
  const chain = await delegate({ person: PERSON, sessionKeyDer, timeToLiveNs, nowMs: NOW_MS });
  const [link, ...more] = chain.delegations;
  expect(more).toEqual([]);
  if (link === undefined) throw new Error('an empty chain');
  return { chain, link };
}

describe('delegate', () => {
  it.each([
    { desc: 'nothing', asked: undefined, lasts: 30n * MINUTE_NS },
    { desc: 'eight hours', asked: 480n * MINUTE_NS, lasts: 480n * MINUTE_NS },
    { desc: '30 days', asked: 30n * DAY_NS, lasts: 30n * DAY_NS },
    { desc: '30 days and 1 ns', asked: 30n * DAY_NS + 1n, lasts: 30n * DAY_NS },
    { desc: 'forever', asked: 10n ** 29n, lasts: 30n * DAY_NS },
    { desc: 'parts of a millisecond', asked: 1_999_999n, lasts: 1_000_000n },
  ])('ends in time when asked for $desc', async ({ asked, lasts }) => {
    const { link } = await linkFor(asked);
    expect(link.delegation.expiration - NOW_NS).toBe(lasts);
  });

  it('is signed by the person for the session key, and for all canisters', async () => {
    const { chain, link } = await linkFor(undefined);
    expect(chain.publicKey).toEqual(PERSON.getPublicKey().toDer());
    expect(link.delegation.pubkey).toEqual(session.getPublicKey().toDer());
    expect(link.delegation.targets).toBeUndefined();
    const payload = delegationPayload({
      publicKeyDer: link.delegation.pubkey,
      expirationNs: link.delegation.expiration,
      targets: undefined,
      permissions: undefined,
      signature: link.signature,
    });
    const { rootKeyDer } = createSubnetKeys(new Uint8Array(32).fill(1));
    const other = payload.with(-1, (payload.at(-1) ?? 0) ^ 1);
    const key = parseUserKey(chain.publicKey, rootKeyDer);
    key.verify(payload, link.signature);
    expect(() => key.verify(other, link.signature)).toThrow(SignatureError);
  });

  it('makes whoever holds the session key the person', async () => {
    const { chain } = await linkFor(undefined);
    const identity = DelegationIdentity.fromDelegation(session, chain);
    expect(identity.getPrincipal().toText()).toBe(PERSON.getPrincipal().toText());
  });
});
