import { SignInEnded, type WindowMethod } from '../api/identity-provider-window.api.ts';
import { prepareSignIn, type PreparedSignIn } from '../api/identity-provider.api.ts';
import type { Login } from '../services/login.service.ts';
import { app } from './app.state.svelte.ts';

interface Use {
  readonly method: WindowMethod;
  readonly prepared: PreparedSignIn;
  readonly signal: AbortSignal;
}

/** Windows in which people sign in elsewhere, prepared so that a click can open them. */
class SignInWindows {
  #ready = new Map<WindowMethod, PreparedSignIn>();
  #loading = new Map<WindowMethod, Promise<void>>();

  /** Loads what is needed, in advance; what fails is told when it is opened. */
  prepare(): void {
    for (const method of ['google', 'passkey'] as const) {
      this.#load(method).catch((error: unknown) => {
        if (!(error instanceof SignInEnded)) throw error;
      });
    }
  }

  /** Signs in through a window. Call it in the task of a click. Errors: `SignInEnded`. */
  async open(method: WindowMethod, signal: AbortSignal): Promise<Login> {
    const ready = this.#ready.get(method);
    // Without an await before it: the window has to open within the click.
    if (ready !== undefined) return this.#use({ method, prepared: ready, signal });
    await this.#load(method);
    const loaded = this.#ready.get(method);
    if (loaded === undefined) throw new SignInEnded('not-loaded');
    return this.#use({ method, prepared: loaded, signal });
  }

  async #use({ method, prepared, signal }: Use): Promise<Login> {
    const login = await prepared.open(signal);
    // Each session has a key of its own.
    this.#ready.delete(method);
    return login;
  }

  #load(method: WindowMethod): Promise<void> {
    if (this.#ready.has(method)) return Promise.resolve();
    const under = this.#loading.get(method);
    if (under !== undefined) return under;
    const loading = prepareSignIn(method, app.deployment.identityProvider)
      .then((prepared) => {
        this.#ready.set(method, prepared);
      })
      .finally(() => this.#loading.delete(method));
    this.#loading.set(method, loading);
    return loading;
  }
}

export const signInWindows = new SignInWindows();
