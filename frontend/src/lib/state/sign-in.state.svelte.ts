import { session } from './session.state.svelte.ts';

/** The dialog that asks who somebody is, wherever in the page they are. */
class SignIn {
  isOpen = $state(false);
  /** Why it is asked: "Sign in to rent". */
  reason = $state('Sign in');
  /** The phrase on this device that is to be opened; undefined leaves the choice to the person. */
  wanted = $state<string>();
  #waiting: ((isSignedIn: boolean) => void)[] = [];

  /** Gives whether somebody is signed in, at once or after the dialog; what was typed elsewhere stays. */
  ask(reason: string): Promise<boolean> {
    if (session.isSignedIn) return Promise.resolve(true);
    return this.#show(reason, undefined);
  }

  /** Asks a person who is signed in already to be somebody else; until then they stay who they are. */
  switchTo(principalText: string | undefined): Promise<boolean> {
    return this.#show('Switch account', principalText);
  }

  /** The dialog is over, with somebody signed in or not. */
  finish(): void {
    this.isOpen = false;
    for (const resolve of this.#waiting.splice(0)) resolve(session.isSignedIn);
  }

  #show(reason: string, wanted: string | undefined): Promise<boolean> {
    this.reason = reason;
    this.wanted = wanted;
    this.isOpen = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const signIn = new SignIn();
