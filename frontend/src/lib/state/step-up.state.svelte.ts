import { session } from './session.state.svelte.ts';
import { signIn } from './sign-in.state.svelte.ts';

/** Asks a person who is signed in to prove it again, before what an open page alone must not do. */
class StepUp {
  isOpen = $state(false);
  /** What it is asked for: "Change where you are paid". */
  reason = $state('');
  #waiting: ((isProven: boolean) => void)[] = [];

  /**
   * Gives whether the person who is signed in proved it just now: by the passphrase of their seed phrase,
   * or by a fresh sign-in. Somebody who is not signed in is asked to sign in, which proves it too.
   */
  async ask(reason: string): Promise<boolean> {
    if (!session.isSignedIn) return signIn.ask(reason);
    this.reason = reason;
    this.isOpen = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The dialog is over. */
  finish(isProven: boolean): void {
    this.isOpen = false;
    for (const resolve of this.#waiting.splice(0)) resolve(isProven);
  }
}

export const stepUp = new StepUp();
