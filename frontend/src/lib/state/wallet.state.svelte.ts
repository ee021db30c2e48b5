import { readHoldings, type Holding } from '../api/wallet.api.ts';
import { usdOf } from '../services/token-amount.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

/** What whoever is signed in holds, token by token; for nobody the tokens and their prices. */
class Wallet {
  readonly #holdings = new Resource<readonly Holding[]>(() => readHoldings(app.actors), {
    what: 'The wallet could not be read.',
  });
  #of: string | undefined;

  get holdings(): readonly Holding[] | undefined {
    return this.#holdings.value;
  }

  get isLoading(): boolean {
    return this.#holdings.isLoading;
  }

  get trouble() {
    return this.#holdings.trouble;
  }

  /** Everything together in US dollars × 10^8, as far as it has a price; undefined before it is read. */
  get totalUsdE8(): bigint | undefined {
    return this.holdings?.reduce((sum, { token, price, balance }) => {
      if (balance === undefined || price.kind === 'unknown') return sum;
      const { usdE8 } = price.rate;
      return sum + usdOf({ amount: balance, decimals: token.decimals, usdE8 });
    }, 0n);
  }

  /** By the ledger's canister id. */
  holding(id: string): Holding | undefined {
    return this.holdings?.find(({ token }) => token.id === id);
  }

  /** Reads it for somebody else than before; does nothing if it is the same person's already. */
  async follow(): Promise<void> {
    const principalText = app.actors.principal.toText();
    if (principalText === this.#of) return;
    this.#of = principalText;
    this.#holdings.value = undefined;
    await this.#holdings.load();
  }

  /** Reads it anew: something was paid or sent. */
  async refresh(): Promise<void> {
    await this.#holdings.load();
  }
}

export const wallet = new Wallet();
