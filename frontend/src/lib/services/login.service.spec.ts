import { DelegationChain, ECDSAKeyIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { describe, expect, it } from 'vitest';
import {
  endOfChainMs,
  identityOfPhrase,
  loginOfPhrase,
  newSessionKey,
  restoreLogin,
  SESSION_MS,
} from './login.service.ts';

const PHRASE =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
/** What `icp identity import --from-seed-file` and dfx make of the phrase. */
const PRINCIPAL = 'tgzar-4lpln-fq34h-6hxo4-wlm3x-6g3or-6hxvr-d6jbw-ooh2b-lzsw4-aqe';
const NOW_MS = 1_795_000_000_000;
const NS_PER_MS = 1_000_000n;
const DAY_MS = 86_400_000;

describe('identityOfPhrase', () => {
  it('is the identity of the command line', () => {
    expect(identityOfPhrase(PHRASE).getPrincipal().toText()).toBe(PRINCIPAL);
  });
});

describe('loginOfPhrase', () => {
  it('lets a key that nobody can read act as the owner, for an hour', async () => {
    const login = await loginOfPhrase({ phrase: PHRASE, nowMs: NOW_MS, clockAheadMs: 0 });
    expect(login.identity.getPrincipal().toText()).toBe(PRINCIPAL);
    expect(login.kept.keyPair.privateKey.extractable).toBe(false);
    expect(login.kept.endsAtMs).toBe(NOW_MS + SESSION_MS);
    const [link] = login.identity.getDelegation().delegations;
    expect(link?.delegation.expiration).toBe(BigInt(NOW_MS + SESSION_MS) * NS_PER_MS);
    expect(login.kept.chainJson).not.toContain('abandon');
  });

  it("ends by the network's clock where that one differs", async () => {
    const login = await loginOfPhrase({ phrase: PHRASE, nowMs: NOW_MS, clockAheadMs: DAY_MS });
    const [link] = login.identity.getDelegation().delegations;
    expect(link?.delegation.expiration).toBe(BigInt(NOW_MS + SESSION_MS + DAY_MS) * NS_PER_MS);
    expect(login.kept.endsAtMs).toBe(NOW_MS + SESSION_MS);
  });
});

describe('restoreLogin', () => {
  it('is the same person with the same key', async () => {
    const { kept } = await loginOfPhrase({
      phrase: PHRASE,
      nowMs: NOW_MS,
      clockAheadMs: 0,
    });
    const again = await restoreLogin(structuredClone(kept));
    expect(again.identity.getPrincipal().toText()).toBe(PRINCIPAL);
    const blob = new Uint8Array([1, 2, 3]);
    const keys = kept.keyPair;
    const how = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = new Uint8Array(await again.identity.sign(blob));
    expect(await crypto.subtle.verify(how, keys.publicKey, signature, blob)).toBe(true);
    expect(again.ageIdentity).toBeUndefined();
  });

  it('refuses a chain that is none', async () => {
    const { kept } = await loginOfPhrase({ phrase: PHRASE, nowMs: NOW_MS, clockAheadMs: 0 });
    await expect(restoreLogin({ ...kept, chainJson: '{}' })).rejects.toThrow(/./);
  });
});

describe('endOfChainMs', () => {
  it.each([
    ['shorter', 60_000, 60_000],
    ['longer', 30 * DAY_MS, SESSION_MS],
  ])('is an hour at most: a delegation that is %s', async (_desc, lengthMs, endMs) => {
    const session = await ECDSAKeyIdentity.fromKeyPair(await newSessionKey());
    const chain = await DelegationChain.create(
      Ed25519KeyIdentity.generate(),
      session.getPublicKey(),
      new Date(NOW_MS + lengthMs),
    );
    expect(endOfChainMs(chain, NOW_MS)).toBe(NOW_MS + endMs);
  });
});
