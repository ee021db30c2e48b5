import type { Principal } from '@dfinity/principal';
import { parseId } from '@decent-cloud/domain/ids.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { PricingConfig, SourceRow, TokenPricing } from '../core/pricing/token-pricing.ts';
import type { PriceSource } from '../core/sources/price-source.ts';
import type { SourceId } from '../core/units.ts';
import { pricingFields, sourceFields } from './config-fields.ts';

/** How much may be configured: the cost of a tick and of a status page stays bounded. */
export const MAX_SOURCES = 64;
export const MAX_TOKENS = 32;

/** A token's pricing and its row number. */
export interface TokenRow {
  readonly index: number;
  readonly pricing: TokenPricing;
}

/** What is asked and how prices are made of it. Small, so the heap holds all of it once read. */
export class ConfigStore {
  readonly #sources: DenseList<null, PriceSource>;
  readonly #tokens: DenseList<null, TokenPricing>;
  #config: PricingConfig | undefined;
  #rows: ReadonlyMap<string, TokenRow> | undefined;

  constructor(stores: { readonly sources: StableStore; readonly tokens: StableStore }) {
    this.#sources = new DenseList({
      store: stores.sources,
      parent: whole,
      value: valueCodec<PriceSource>({ version: 1, fields: sourceFields }),
    });
    this.#tokens = new DenseList({
      store: stores.tokens,
      parent: whole,
      value: valueCodec<TokenPricing>({ version: 1, fields: pricingFields }),
    });
  }

  config(): PricingConfig {
    this.#config ??= {
      sources: rowsOf(this.#sources).map((source, index) => ({ id: sourceIdOf(index), source })),
      tokens: rowsOf(this.#tokens),
    };
    return this.#config;
  }

  source(id: number): SourceRow | undefined {
    return this.config().sources[id];
  }

  pageOfSources(request: PageRequest): Page<PriceSource> {
    return this.#sources.page(null, request);
  }

  token(ledger: Principal): TokenRow | undefined {
    this.#rows ??= new Map(
      this.config().tokens.map((pricing, index) => [
        nameOf(pricing.token.ledger),
        { index, pricing },
      ]),
    );
    return this.#rows.get(nameOf(ledger));
  }

  addSource(source: PriceSource): SourceId {
    const id = sourceIdOf(this.#sources.append(null, source));
    this.#forget();
    return id;
  }

  replaceSource(id: SourceId, value: PriceSource): void {
    this.#sources.replace(null, { seq: id, value });
    this.#forget();
  }

  /** Adds a token's pricing, or replaces it. */
  putToken(pricing: TokenPricing): void {
    const known = this.token(pricing.token.ledger);
    if (known === undefined) this.#tokens.append(null, pricing);
    else this.#tokens.replace(null, { seq: known.index, value: pricing });
    this.#forget();
  }

  #forget(): void {
    this.#config = undefined;
    this.#rows = undefined;
  }
}

function rowsOf<V extends object>(list: DenseList<null, V>): V[] {
  return Array.from({ length: list.length(null) }, (_, seq) =>
    present(list.get(null, seq), 'a row of the configuration is missing'),
  );
}

function sourceIdOf(seq: number): SourceId {
  const id = parseId<SourceId>(seq);
  return present(id.kind === 'ok' ? id.value : undefined, 'a row number is no id');
}

/** One character a byte: the text form of a principal is dear. */
function nameOf(ledger: Principal): string {
  return charPerByte(ledger.toUint8Array());
}
