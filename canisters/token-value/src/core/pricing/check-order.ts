import type { Principal } from '@dfinity/principal';
import { hasDepth } from '../sources/check-source.ts';
import { assetsOf, isSameLedger } from '../sources/origin-assets.ts';
import type { SourceId } from '../units.ts';
import type { PricingConfig, TokenPricing } from './token-pricing.ts';

/** The first token whose price needs its own price, by however many others; undefined if none. */
export function firstPricedByItself(config: PricingConfig): TokenPricing | undefined {
  const done = new Set<TokenPricing>();
  const open = new Set<TokenPricing>();
  const visit = (pricing: TokenPricing): TokenPricing | undefined => {
    if (open.has(pricing)) return pricing;
    if (done.has(pricing)) return undefined;
    open.add(pricing);
    for (const needed of neededBy(pricing, config)) {
      const looped = visit(needed);
      if (looped !== undefined) return looped;
    }
    open.delete(pricing);
    done.add(pricing);
    return undefined;
  };
  for (const pricing of config.tokens) {
    const looped = visit(pricing);
    if (looped !== undefined) return looped;
  }
  return undefined;
}

/**
 * The first token one of whose sources also makes the price of a token that its routes end in: two
 * of its routes would then agree because they are the same. Undefined if none. Only for a
 * configuration where no token is priced by itself.
 */
export function firstConfirmedByItself(config: PricingConfig): TokenPricing | undefined {
  return config.tokens.find((pricing) => {
    const below = new Set<SourceId>();
    for (const end of endsOf(pricing, config)) collectSources(end, config, below);
    return sourcesOf(pricing).some((source) => below.has(source));
  });
}

function collectSources(pricing: TokenPricing, config: PricingConfig, into: Set<SourceId>): void {
  for (const source of sourcesOf(pricing)) into.add(source);
  for (const end of endsOf(pricing, config)) collectSources(end, config, into);
}

function sourcesOf({ routes }: TokenPricing): readonly SourceId[] {
  return routes.flatMap(({ steps }) => steps.map(({ source }) => source));
}

function endsOf({ routes }: TokenPricing, config: PricingConfig): readonly TokenPricing[] {
  return routes.flatMap(({ end }) => (end.kind === 'token' ? pricedOf(end.ledger, config) : []));
}

function pricedOf(ledger: Principal, config: PricingConfig): readonly TokenPricing[] {
  return config.tokens.filter(({ token }) => isSameLedger(token.ledger, ledger));
}

/** The tokens that routes end in, and those that give the depth of a pool its value in dollars. */
function neededBy(pricing: TokenPricing, config: PricingConfig): readonly TokenPricing[] {
  const used = new Set(sourcesOf(pricing));
  const quotes = config.sources
    .filter(({ id, source }) => used.has(id) && hasDepth(source.origin))
    .map(({ source }) => assetsOf(source.origin).quote)
    .flatMap((quote) => (quote.kind === 'token' ? pricedOf(quote.ledger, config) : []));
  // A stable token counts as a dollar where only depth is asked for.
  const floating = quotes.filter((one) => one.pegToleranceBps === undefined);
  return [...new Set([...endsOf(pricing, config), ...floating])];
}
