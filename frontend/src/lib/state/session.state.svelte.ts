import type { Identity } from '@dfinity/agent';
import type { Principal } from '@dfinity/principal';
import type { LockReason, SignInMethod } from '../services/login-words.service.ts';
import { app } from './app.state.svelte.ts';

export type { SignInMethod } from '../services/login-words.service.ts';

/** Somebody who is signed in. */
export interface Person {
  readonly method: SignInMethod;
  readonly identity: Identity;
  readonly principal: Principal;
  /** When they have to sign in again. */
  readonly endsAtMs?: number;
}

/** Who uses the page. */
export type SessionState =
  /** It is not known yet whether somebody is still signed in from before. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'anonymous' }
  /** Somebody's keys are on this device, but closed: the lock screen asks for what opens them. */
  | {
      readonly kind: 'locked';
      readonly method: SignInMethod;
      readonly principalText: string;
      readonly reason: LockReason;
      /** Whom the page behind the lock screen belongs to; nobody if it was opened locked. */
      readonly person?: Person;
    }
  | { readonly kind: 'signed-in'; readonly person: Person };

export interface LockedPerson {
  readonly method: SignInMethod;
  readonly principal: Principal;
  readonly reason: LockReason;
}

/** Somebody whose keys are closed: nothing can be signed. */
function closedIdentity(principal: Principal): Identity {
  return {
    getPrincipal: () => principal,
    transformRequest: () => Promise.reject(new Error('The page is locked. Unlock it first.')),
  };
}

class Session {
  state = $state.raw<SessionState>({ kind: 'starting' });

  /**
   * Whose page it is. While it is locked that stays, so that everything is behind the lock screen as it
   * was; calls are refused then.
   */
  get person(): Person | undefined {
    const { state } = this;
    return state.kind === 'signed-in' || state.kind === 'locked' ? state.person : undefined;
  }

  get isSignedIn(): boolean {
    return this.person !== undefined;
  }

  /** From here on all calls are that person's. */
  begin(person: Person): void {
    app.actAs(person.identity);
    this.state = { kind: 'signed-in', person };
  }

  /** From here on calls are nobody's. */
  end(): void {
    app.actAs(undefined);
    this.state = { kind: 'anonymous' };
  }

  /** From here on calls are refused, until somebody opens the lock. */
  lock({ method, principal, reason }: LockedPerson): void {
    const identity = closedIdentity(principal);
    const isShown = this.person?.principal.compareTo(principal) === 'eq';
    // What is public can be read behind the lock screen, if nothing else is shown there.
    app.actAs(isShown ? identity : undefined);
    this.state = {
      kind: 'locked',
      method,
      principalText: principal.toText(),
      reason,
      ...(isShown ? { person: { method, identity, principal } } : {}),
    };
  }
}

export const session = new Session();
