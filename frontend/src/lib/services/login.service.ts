import type { SignIdentity } from '@dfinity/agent';
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity } from '@dfinity/identity';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { mnemonicToSeed } from '@scure/bip39';
import { ageIdentityOfSeed } from './age-key.service.ts';
import type { SignInMethod } from './login-words.service.ts';

/** No session lasts longer: then its owner proves again that it is them. */
export const SESSION_MS = 3_600_000;
const NS_PER_MS = 1_000_000n;

/** A session as it may be kept in this browser: its key can be used by this page, but read by nobody. */
export interface KeptSession {
  readonly method: SignInMethod;
  readonly principalText: string;
  readonly keyPair: CryptoKeyPair;
  /** The delegations from the person's own key to the session's, as JSON. */
  readonly chainJson: string;
  readonly endsAtMs: number;
}

/** Somebody who just signed in. */
export interface Login {
  readonly kept: KeptSession;
  readonly identity: DelegationIdentity;
  /** Opens what is sealed to them; only a seed phrase gives it. */
  readonly ageIdentity: string | undefined;
}

/** A session key that cannot leave this browser. */
export function newSessionKey(): Promise<CryptoKeyPair> {
  const how = { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.generateKey(how, false, ['sign', 'verify']);
}

/** The identity that `icp identity import --from-seed-file` makes of the same words. */
export function identityOfPhrase(phrase: string): Secp256k1KeyIdentity {
  return Secp256k1KeyIdentity.fromSeedPhrase(phrase);
}

export interface PhraseLogin {
  readonly phrase: string;
  readonly nowMs: number;
  /** How far the network's clock is ahead of this device's. */
  readonly clockAheadMs: number;
}

/** Signs a session of an hour with a phrase, which is not needed any more then. */
export async function loginOfPhrase(from: PhraseLogin): Promise<Login> {
  const { phrase, nowMs, clockAheadMs } = from;
  const owner = identityOfPhrase(phrase);
  const keyPair = await newSessionKey();
  const session = await ECDSAKeyIdentity.fromKeyPair(keyPair);
  const endsAtMs = nowMs + SESSION_MS;
  const expiration = new Date(endsAtMs + clockAheadMs);
  const chain = await DelegationChain.create(owner, session.getPublicKey(), expiration);
  const seed = new Uint8Array(await mnemonicToSeed(phrase));
  const ageIdentity = await ageIdentityOfSeed(seed);
  seed.fill(0);
  return loginOf({ method: 'seed-phrase', keyPair, session, chain, endsAtMs, ageIdentity });
}

export interface LoginParts {
  readonly method: SignInMethod;
  readonly keyPair: CryptoKeyPair;
  readonly session: SignIdentity;
  readonly chain: DelegationChain;
  readonly endsAtMs: number;
  readonly ageIdentity?: string;
}

/** A login from a delegation that somebody else, or a phrase, signed for a session key. */
export function loginOf(parts: LoginParts): Login {
  const { method, keyPair, session, chain, endsAtMs, ageIdentity } = parts;
  const identity = DelegationIdentity.fromDelegation(session, chain);
  const principalText = identity.getPrincipal().toText();
  const chainJson = JSON.stringify(chain.toJSON());
  return {
    kept: { method, principalText, keyPair, chainJson, endsAtMs },
    identity,
    ageIdentity,
  };
}

/** When the first delegation of a chain ends, but in an hour at the latest. */
export function endOfChainMs(chain: DelegationChain, nowMs: number): number {
  const ends = chain.delegations.map(({ delegation }) => delegation.expiration / NS_PER_MS);
  return ends.reduce((least, end) => Math.min(least, Number(end)), nowMs + SESSION_MS);
}

/** The login that was kept. Throws if it is malformed. */
export async function restoreLogin(kept: KeptSession): Promise<Login> {
  const session = await ECDSAKeyIdentity.fromKeyPair(kept.keyPair);
  const chain = DelegationChain.fromJSON(kept.chainJson);
  const identity = DelegationIdentity.fromDelegation(session, chain);
  return { kept, identity, ageIdentity: undefined };
}
