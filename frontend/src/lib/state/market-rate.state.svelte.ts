import { fetchRate, listRatedTokens, type RatedToken } from '../api/market.api.ts';
import type { TokenRate } from '../services/market-rate.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const KEY = 'price-token';

/** The token that prices are shown in beside dollars, if any; remembered on this device. */
class MarketRate {
  /** Empty for none. */
  symbol = $state('');
  readonly tokens = new Resource<readonly RatedToken[]>(() => listRatedTokens(app.actors), {
    what: 'The tokens could not be read.',
  });
  readonly #rate = new Resource<TokenRate | undefined>(() => this.#read(), {
    what: 'The price of this token is not known now.',
  });

  /** Undefined if none is chosen, or there is no price. */
  get rate(): TokenRate | undefined {
    const { value, trouble } = this.#rate;
    return trouble === undefined && value?.symbol === this.symbol ? value : undefined;
  }

  /** Why there is no price. */
  get trouble(): string | undefined {
    return this.symbol === '' ? undefined : this.#rate.trouble?.title;
  }

  /** Reads what was chosen before. */
  async start(): Promise<void> {
    this.symbol = localStorage.getItem(KEY) ?? '';
    await this.tokens.load();
    await this.#rate.load();
  }

  async choose(symbol: string): Promise<void> {
    this.symbol = symbol;
    if (symbol === '') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, symbol);
    await this.#rate.load();
  }

  async #read(): Promise<TokenRate | undefined> {
    const token = this.tokens.value?.find(({ symbol }) => symbol === this.symbol);
    return token === undefined ? undefined : fetchRate(app.actors, token.ledger);
  }
}

export const marketRate = new MarketRate();
