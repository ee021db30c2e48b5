import type { Identity } from '@dfinity/agent';
import { connect, type Actors } from '../api/actors.api.ts';
import { loadNetwork } from '../api/network.api.ts';
import type { Network } from '../schemas/network.schema.ts';
import { troubleOf, type Trouble } from '../services/trouble.service.ts';

/** The deployment that this page belongs to, and its canisters as whoever is signed in. */
class App {
  network = $state.raw<Network>();
  trouble = $state.raw<Trouble>();
  #actors = $state.raw<Actors>();

  /** Reads where the page was deployed. Never throws: `trouble` says what is wrong. */
  async start(): Promise<void> {
    this.trouble = undefined;
    try {
      this.network = await loadNetwork();
      this.#actors = connect(this.network);
    } catch (error) {
      this.trouble = troubleOf(error, { what: 'This page could not be set up.' });
    }
  }

  /** Whether the page can call anybody. */
  get isReady(): boolean {
    return this.#actors !== undefined;
  }

  /** The canisters, called as who is signed in, or as nobody. Only for what is shown when it is ready. */
  get actors(): Actors {
    if (this.#actors === undefined) throw new Error('BUG: the page is not set up yet');
    return this.#actors;
  }

  /** The deployment. Only for what is shown when it is ready. */
  get deployment(): Network {
    if (this.network === undefined) throw new Error('BUG: the page is not set up yet');
    return this.network;
  }

  /** From here on calls are made as that person; without one as nobody. */
  actAs(identity: Identity | undefined): void {
    this.#actors = connect(this.deployment, identity);
  }
}

export const app = new App();
