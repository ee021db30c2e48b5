import type { SignInEnd, SignInMethod } from '../services/login-words.service.ts';
import type { Login } from '../services/login.service.ts';

/** The sign-in window ended without a sign-in. */
export class SignInEnded extends Error {
  readonly end: SignInEnd;

  constructor(end: SignInEnd, reason = '') {
    super(reason);
    this.name = 'SignInEnded';
    this.end = end;
  }
}

/** A way to sign in through a window of the identity provider. */
export type WindowMethod = Exclude<SignInMethod, 'seed-phrase'>;

/** What a way to sign in does after its window is open. It finds the window by its name. */
export interface WindowProtocol {
  readonly windowName: string;
  start(): Promise<Login>;
}
