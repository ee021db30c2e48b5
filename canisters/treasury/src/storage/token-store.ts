import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal as principalKey } from '@decent-cloud/kit/keys/principal-key.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, bool, number, principal, text } from '@decent-cloud/kit/values/field.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { TokenTable } from '../core/apply.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';

const CACHED_NUMBERS = 100;

/** How a token configuration is stored, in its row and inside events. */
export const tokenFields: Fields<TokenConfig> = {
  ledger: principal,
  symbol: text,
  decimals: number,
  fee: bigint<TokenUnits>(),
  hasIcrc3Blocks: bool,
  isEnabled: bool,
};

interface TokenNumber {
  readonly seq: number;
}

/** Tokens as a list that pages, with an index from ledger to row. */
export class TokenStore implements TokenTable {
  readonly #rows: DenseList<null, TokenConfig>;
  readonly #numbers: StableMap<Principal, TokenNumber>;

  constructor(stores: { readonly rows: StableStore; readonly numbers: StableStore }) {
    const value = valueCodec<TokenConfig>({ version: 1, fields: tokenFields });
    this.#rows = new DenseList({ store: stores.rows, parent: whole, value });
    this.#numbers = new StableMap({
      store: stores.numbers,
      key: keyCodec(principalKey),
      value: valueCodec<TokenNumber>({ version: 1, fields: { seq: number } }),
      cachedValues: CACHED_NUMBERS,
    });
  }

  readonly put = (config: TokenConfig): void => {
    const known = this.#numbers.get(config.ledger);
    if (known === undefined) {
      this.#numbers.set(config.ledger, { seq: this.#rows.append(null, config) });
    } else {
      this.#rows.replace(null, { seq: known.seq, value: config });
    }
  };

  readonly get = (ledger: Principal): TokenConfig | undefined => {
    const known = this.#numbers.get(ledger);
    return known === undefined ? undefined : this.#rows.get(null, known.seq);
  };

  readonly count = (): number => this.#rows.length(null);

  page(request: PageRequest): Page<TokenConfig> {
    return this.#rows.page(null, request);
  }
}
