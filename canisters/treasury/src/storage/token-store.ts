import type { Principal } from '@dfinity/principal';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal as principalKey } from '@decent-cloud/kit/keys/principal-key.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { BoundedCache } from '@decent-cloud/kit/store/bounded-cache.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { number } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import type { TokenTable } from '../core/state.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { tokenFields } from './fields/config-fields.ts';

const CACHED_TOKENS = 100;

interface TokenNumber {
  readonly seq: number;
}

/** Tokens as a list that pages, with an index from ledger to row. */
export class TokenStore implements TokenTable {
  readonly #rows: DenseList<null, TokenConfig>;
  readonly #numbers: StableMap<Principal, TokenNumber>;
  readonly #cached = new BoundedCache<string, TokenConfig>(CACHED_TOKENS);

  constructor(stores: { readonly rows: StableStore; readonly numbers: StableStore }) {
    const value = valueCodec<TokenConfig>({ version: 1, fields: tokenFields });
    this.#rows = new DenseList({ store: stores.rows, parent: whole, value });
    this.#numbers = new StableMap({
      store: stores.numbers,
      key: keyCodec(principalKey),
      value: valueCodec<TokenNumber>({ version: 1, fields: { seq: number } }),
    });
  }

  readonly put = (config: TokenConfig): void => {
    const known = this.#numbers.get(config.ledger);
    if (known === undefined) {
      this.#numbers.set(config.ledger, { seq: this.#rows.append(null, config) });
    } else {
      this.#rows.replace(null, { seq: known.seq, value: config });
    }
    this.#cached.set(nameOf(config.ledger), config);
  };

  readonly get = (ledger: Principal): TokenConfig | undefined => {
    const cached = this.#cached.get(nameOf(ledger));
    if (cached !== undefined) return cached;
    const known = this.#numbers.get(ledger);
    const config = known === undefined ? undefined : this.#rows.get(null, known.seq);
    if (config !== undefined) this.#cached.set(nameOf(ledger), config);
    return config;
  };

  readonly count = (): number => this.#rows.length(null);

  page(request: PageRequest): Page<TokenConfig> {
    return this.#rows.page(null, request);
  }
}

function nameOf(ledger: Principal): string {
  return charPerByte(ledger.toUint8Array());
}
