import { Principal } from '@dfinity/principal';
import { deleteSession, readSession, writeSession } from '../api/vault-store.api.ts';
import {
  isOtherAccount,
  readKnownLogin,
  type KnownLogin,
} from '../services/login-memory.service.ts';
import type { LockReason } from '../services/login-words.service.ts';
import type { Login } from '../services/login.service.ts';
import { keyring } from './keyring.state.svelte.ts';
import { session, type SignInMethod } from './session.state.svelte.ts';

const CHANNEL = 'session';
/** Who is signed in, or locked, in this browser. */
const PERSON = 'person';
/** Whose account was used last. */
const BEFORE = 'person-before';
const LAST_METHOD = 'last-method';
const SIGNED_OUT = 'signed-out';
/** What features keep for a person begins so; it goes when they sign out. */
const DRAFTS = /^(draft|cache):/;

type Notice = { readonly kind: 'changed' } | { readonly kind: 'signed-out' };

/** How sessions begin, are locked and end, in all tabs of this browser at once. */
class SessionLife {
  /** How the last sign-in in this browser was done. */
  lastMethod = $state<SignInMethod>();
  /** The login that was used here before, if the one of now is of another account. */
  otherThan = $state.raw<KnownLogin>();
  /** Somebody has just signed out. */
  isJustSignedOut = $state(false);
  #channel: BroadcastChannel | undefined;

  /** Signs in who is still signed in from before. Gives what ends listening to other tabs. */
  start(): () => void {
    this.lastMethod = readKnownLogin(localStorage.getItem(LAST_METHOD))?.method;
    this.isJustSignedOut = sessionStorage.getItem(SIGNED_OUT) !== null;
    sessionStorage.removeItem(SIGNED_OUT);
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }: MessageEvent<Notice>) => {
      if (data.kind === 'signed-out') this.#reload();
      else void this.resume();
    };
    return () => this.#channel?.close();
  }

  /** Takes over what this browser has kept: a session, or whom the page is locked for. */
  async resume(): Promise<void> {
    const known = readKnownLogin(localStorage.getItem(PERSON));
    if (known === undefined) {
      session.end();
      return;
    }
    const { method, principalText } = known;
    if (session.person?.principal.toText() !== principalText) keyring.close();
    const kept = await readSession();
    if (kept?.principalText !== principalText || kept.endsAtMs <= Date.now()) {
      const reason = kept === undefined ? this.#lockedBy() : 'expired';
      await deleteSession();
      keyring.close();
      session.lock({ method, principal: Principal.fromText(principalText), reason });
      return;
    }
    const { restoreLogin } = await import('../services/login.service.ts');
    this.#show(await restoreLogin(kept));
  }

  /** From here on the page is that person's, in every tab, for an hour at most. */
  async begin(login: Login): Promise<void> {
    const { kept } = login;
    const { method, principalText } = kept;
    await writeSession(kept);
    localStorage.setItem(PERSON, JSON.stringify({ method, principalText }));
    localStorage.setItem(LAST_METHOD, JSON.stringify({ method, principalText }));
    localStorage.removeItem(LOCKED_BY);
    this.lastMethod = method;
    this.isJustSignedOut = false;
    if (session.person?.principal.toText() !== principalText) keyring.close();
    if (login.ageIdentity !== undefined) keyring.hold(login.ageIdentity);
    this.#show(login);
    this.#tell({ kind: 'changed' });
  }

  /** Closes the keys in every tab; forms stay as they are behind the lock screen. */
  async lock(reason: LockReason): Promise<void> {
    if (session.state.kind !== 'signed-in') return;
    const { method, principal } = session.state.person;
    keyring.close();
    session.lock({ method, principal, reason });
    localStorage.setItem(LOCKED_BY, reason);
    await deleteSession();
    this.#tell({ kind: 'changed' });
  }

  /** Ends the session in every tab, and loads the page anew so that nothing of it stays in memory. */
  async signOut(): Promise<void> {
    keyring.close();
    session.end();
    await deleteSession();
    localStorage.removeItem(PERSON);
    localStorage.removeItem(LOCKED_BY);
    for (const key of Object.keys(localStorage)) {
      if (DRAFTS.test(key)) localStorage.removeItem(key);
    }
    this.#tell({ kind: 'signed-out' });
    this.#reload();
  }

  /** Says whose account was seen: another one than before is told about. */
  seeAccount(account: bigint | undefined): void {
    const { person } = session;
    if (person === undefined) return;
    const now: KnownLogin = {
      method: person.method,
      principalText: person.principal.toText(),
      ...(account === undefined ? {} : { account: account.toString() }),
    };
    const before = readKnownLogin(localStorage.getItem(BEFORE));
    this.otherThan = isOtherAccount(before, now) ? before : undefined;
    if (this.otherThan === undefined) localStorage.setItem(BEFORE, JSON.stringify(now));
  }

  /** The person means to use this other account from now on. */
  keepAccount(account: bigint | undefined): void {
    localStorage.removeItem(BEFORE);
    this.seeAccount(account);
  }

  #show({ kept, identity }: Login): void {
    const { method, endsAtMs } = kept;
    session.begin({ method, identity, principal: identity.getPrincipal(), endsAtMs });
  }

  #lockedBy(): LockReason {
    const reason = localStorage.getItem(LOCKED_BY);
    return LOCK_REASONS.find((one) => one === reason) ?? 'closed';
  }

  #tell(notice: Notice): void {
    this.#channel?.postMessage(notice);
  }

  #reload(): void {
    sessionStorage.clear();
    sessionStorage.setItem(SIGNED_OUT, 'yes');
    location.assign('/');
  }
}

const LOCKED_BY = 'locked-by';
const LOCK_REASONS: readonly LockReason[] = ['asked', 'idle', 'asleep', 'expired', 'closed'];

export const sessionLife = new SessionLife();
