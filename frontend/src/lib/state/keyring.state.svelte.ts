import { putAgeKey, readMyAccount } from '../api/account.api.ts';
import type { Rental } from '../api/wire.ts';
import {
  newAgeIdentity,
  openWith,
  openWithPassphrase,
  recipientOf,
  sealWithPassphrase,
} from '../services/seal.service.ts';
import { app } from './app.state.svelte.ts';
import { session } from './session.state.svelte.ts';
import { signIn } from './sign-in.state.svelte.ts';
import { vault } from './vault.state.svelte.ts';

/** The person closed the dialog that asked for a passphrase, or for a sign-in. */
export class KeyringCancelled extends Error {
  constructor() {
    super('The passphrase was not given, so nothing was opened or changed.');
    this.name = 'KeyringCancelled';
  }
}

/** The key of the account is nowhere that this page could open. */
class KeyringLost extends Error {
  constructor() {
    super(
      'The key of this account follows from a seed phrase that is not on this device. ' +
        'Sign in with that phrase to open what is sealed to it.',
    );
    this.name = 'KeyringLost';
  }
}

/** Another device was faster: what was sealed to its key must stay readable. */
class KeyMadeElsewhere extends Error {
  constructor() {
    super('A key was made on another device meanwhile. Close this, and use that one.');
    this.name = 'KeyMadeElsewhere';
  }
}

/** What a passphrase is asked for. */
export type KeyringNeed =
  /** There is no key yet: a passphrase for a new one. */
  | { readonly kind: 'make' }
  /** The key is in the account, under a passphrase. */
  | { readonly kind: 'open'; readonly sealedIdentity: Uint8Array }
  /** The key follows from a phrase on this device. */
  | { readonly kind: 'phrase'; readonly principalText: string };

/** The key that opens what is sealed to an account: in memory, while its owner is signed in. */
class Keyring {
  /** What the dialog asks for now. */
  need = $state.raw<KeyringNeed>();
  #identity: string | undefined;
  #waiting: ((identity: string | undefined) => void)[] = [];

  get isOpen(): boolean {
    return this.#identity !== undefined;
  }

  /** The key of whoever just signed in, if the way they did it gives one. */
  hold(identity: string | undefined): void {
    this.#identity = identity;
  }

  /** Forgets the key, and ends the dialog. */
  close(): void {
    this.#identity = undefined;
    this.finish(undefined);
  }

  /**
   * The account's age recipient: others seal to it. Makes and stores one if there is none. Errors:
   * `KeyringCancelled`; what the canister refuses.
   */
  async ensure(): Promise<string> {
    const account = await this.#account();
    const [known] = account?.age_recipient ?? [];
    if (known !== undefined) return known;
    if (this.#identity !== undefined) return this.#publish(this.#identity);
    const phrase = await this.#phraseHere();
    if (phrase === undefined) return recipientOf(await this.#ask({ kind: 'make' }));
    return this.#publish(await this.#ask(phrase));
  }

  /**
   * Opens what was sealed to the account. Asks for the passphrase while the key is closed. Errors:
   * `KeyringCancelled`; `KeyringLost`; an error if it was sealed to another key.
   */
  async open(sealed: Uint8Array): Promise<Uint8Array> {
    return openWith(await this.identity(), sealed);
  }

  /** The key itself. Errors: `KeyringCancelled`; `KeyringLost`. */
  async identity(): Promise<string> {
    const account = await this.#account();
    const [recipient] = account?.age_recipient ?? [];
    if (recipient === undefined) {
      await this.ensure();
      return this.identity();
    }
    const held = this.#identity;
    if (held !== undefined && (await recipientOf(held)) === recipient) return held;
    const [sealedIdentity] = account?.sealed_age_identity ?? [];
    if (sealedIdentity !== undefined) return this.#ask({ kind: 'open', sealedIdentity });
    const phrase = await this.#phraseHere();
    if (phrase === undefined) throw new KeyringLost();
    const identity = await this.#ask(phrase);
    if ((await recipientOf(identity)) !== recipient) throw new KeyringLost();
    return identity;
  }

  /** Keeps the key in the account under a passphrase too, so that every login of it can open it. */
  async share(passphrase: string): Promise<Rental.MyAccount> {
    const identity = await this.identity();
    const sealedIdentity = await sealWithPassphrase({ text: identity, passphrase });
    return putAgeKey(app.actors.rental, {
      recipient: await recipientOf(identity),
      sealedIdentity,
    });
  }

  /** The dialog's answer: false for a wrong passphrase. Throws what made it impossible to tell. */
  async answer(passphrase: string): Promise<boolean> {
    const { need } = this;
    if (need === undefined) return true;
    const identity = await this.#identityFrom(need, passphrase);
    if (identity === undefined) return false;
    this.#identity = identity;
    this.finish(identity);
    return true;
  }

  /** The dialog is over; without a key it was cancelled. */
  finish(identity: string | undefined): void {
    this.need = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve(identity);
  }

  async #identityFrom(need: KeyringNeed, passphrase: string): Promise<string | undefined> {
    switch (need.kind) {
      case 'open':
        return openWithPassphrase(need.sealedIdentity, passphrase);
      case 'phrase':
        return (await vault.open({ principalText: need.principalText, passphrase })).ageIdentity;
      case 'make': {
        const identity = await newAgeIdentity();
        const sealedIdentity = await sealWithPassphrase({ text: identity, passphrase });
        const recipient = await recipientOf(identity);
        const now = await readMyAccount(app.actors.rental);
        if (now?.age_recipient[0] !== undefined) throw new KeyMadeElsewhere();
        await putAgeKey(app.actors.rental, { recipient, sealedIdentity });
        return identity;
      }
    }
  }

  async #account(): Promise<Rental.MyAccount | undefined> {
    if (!(await signIn.ask('Sign in to use your key'))) throw new KeyringCancelled();
    return readMyAccount(app.actors.rental);
  }

  async #publish(identity: string): Promise<string> {
    const recipient = await recipientOf(identity);
    await putAgeKey(app.actors.rental, { recipient });
    return recipient;
  }

  /** The phrase of whoever is signed in, if it is on this device. */
  async #phraseHere(): Promise<KeyringNeed | undefined> {
    const principalText = session.person?.principal.toText() ?? '';
    await vault.load();
    return vault.has(principalText) ? { kind: 'phrase', principalText } : undefined;
  }

  async #ask(need: KeyringNeed): Promise<string> {
    this.need = need;
    const identity = await new Promise<string | undefined>((resolve) => {
      this.#waiting.push(resolve);
    });
    if (identity === undefined) throw new KeyringCancelled();
    return identity;
  }
}

export const keyring = new Keyring();
