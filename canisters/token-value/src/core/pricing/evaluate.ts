import type { Principal } from '@dfinity/principal';
import { invariant, present } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { assetsOf, isSameLedger } from '../sources/origin-assets.ts';
import { hasDepth } from '../sources/check-source.ts';
import { ONE_E18, type PriceE18, type SourceId } from '../units.ts';
import { reportToken } from './token-report.ts';
import { buildCandidate, type KnownSource, type KnownToken } from './route-candidate.ts';
import { reportSource } from './source-report.ts';
import type { Evaluation, SourceMemory, SourceReport, TokenReport } from './report.ts';
import type { PriceRoute, PricingConfig, SourceRow, TokenPricing } from './token-pricing.ts';

/** What prices are made of. */
export interface EvaluationInput {
  /** Checked with `checkPricing`. */
  readonly config: PricingConfig;
  readonly nowNs: TimestampNs;
  /** Asked once for each source. */
  readonly memoryOf: (id: SourceId) => SourceMemory;
  /** When the token last had a price; only told on, never used. */
  readonly lastGoodAtNs: (ledger: Principal) => TimestampNs | undefined;
}

/** Judges every source and makes every price, from nothing but the input. */
export function evaluate(input: EvaluationInput): Evaluation {
  return new Evaluator(input).run();
}

/** Makes a token's price before the price of what is quoted in it. */
class Evaluator {
  readonly #input: EvaluationInput;
  readonly #rows: ReadonlyMap<SourceId, SourceRow>;
  readonly #sources = new Map<SourceId, SourceReport>();
  readonly #tokens = new Map<TokenPricing, TokenReport>();
  readonly #open = new Set<TokenPricing>();

  constructor(input: EvaluationInput) {
    this.#input = input;
    this.#rows = new Map(input.config.sources.map((row) => [row.id, row]));
  }

  run(): Evaluation {
    const { config, nowNs } = this.#input;
    const tokens = config.tokens.map((pricing) => this.#token(pricing));
    const sources = config.sources.map(({ id }) => this.#source(id).report);
    return { atNs: nowNs, sources, tokens };
  }

  #token(pricing: TokenPricing): TokenReport {
    const known = this.#tokens.get(pricing);
    if (known !== undefined) return known;
    invariant(!this.#open.has(pricing), 'a token is priced by itself');
    this.#open.add(pricing);
    const { nowNs, lastGoodAtNs } = this.#input;
    const { xdrBand } = pricing;
    const report = reportToken({
      pricing,
      nowNs,
      candidates: pricing.routes.map((route) =>
        buildCandidate({ route, steps: this.#stepsOf(route), end: this.#endOf(route) }),
      ),
      band: xdrBand && {
        tokenInXdr: this.#source(xdrBand.tokenInXdr).report,
        xdrInUsd: this.#source(xdrBand.xdrInUsd).report,
      },
      lastGoodAtNs: lastGoodAtNs(pricing.token.ledger),
    });
    this.#tokens.set(pricing, report);
    return report;
  }

  #endOf({ end }: PriceRoute): KnownToken | undefined {
    if (end.kind === 'usd') return undefined;
    const pricing = present(this.#pricingOf(end.ledger), 'a route ends in an unknown token');
    const sourcesOf = (route: PriceRoute) => this.#stepsOf(route);
    return { pricing, report: this.#token(pricing), sourcesOf };
  }

  #stepsOf(route: PriceRoute): readonly KnownSource[] {
    return route.steps.map((step) => this.#source(step.source));
  }

  #source(id: SourceId): KnownSource {
    const row = present(this.#rows.get(id), 'a route names an unknown source');
    const known = this.#sources.get(id);
    if (known !== undefined) return { row, report: known };
    const memory = this.#input.memoryOf(id);
    const quotePriceE18 = this.#quotePrice(row);
    const report = reportSource({ row, memory, nowNs: this.#input.nowNs, quotePriceE18 });
    this.#sources.set(id, report);
    return { row, report };
  }

  /** For depth only, where a stable token may count as the dollar that it is meant to be. */
  #quotePrice({ source }: SourceRow): PriceE18 | undefined {
    const { quote } = assetsOf(source.origin);
    if (!hasDepth(source.origin) || quote.kind !== 'token') return undefined;
    const pricing = this.#pricingOf(quote.ledger);
    if (pricing === undefined) return undefined;
    if (pricing.pegToleranceBps !== undefined) return ONE_E18 as PriceE18;
    const { price } = this.#token(pricing);
    return price.kind === 'priced' ? price.windows.medianHour : undefined;
  }

  #pricingOf(ledger: Principal): TokenPricing | undefined {
    return this.#input.config.tokens.find(({ token }) => isSameLedger(token.ledger, ledger));
  }
}
