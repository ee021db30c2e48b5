import type { PriceOrigin } from '../sources/price-source.ts';
import type { SourceId } from '../units.ts';
import type { SourceRow } from './token-pricing.ts';

/**
 * The first source that a later one repeats. One pool under two ids would be a quorum of itself.
 * Switched-off sources may be repeated: that is how what a source asks is changed.
 */
export function askedTwice(rows: readonly SourceRow[]): SourceId | undefined {
  const seen = new Map<string, SourceId>();
  for (const { id, source } of rows) {
    if (!source.isEnabled) continue;
    const asked = whatIsAsked(source.origin);
    const first = seen.get(asked);
    if (first !== undefined) return first;
    seen.set(asked, id);
  }
  return undefined;
}

function whatIsAsked(origin: PriceOrigin): string {
  switch (origin.kind) {
    case 'icpswap-pool':
      return `${origin.kind} ${origin.pool.toHex()}`;
    case 'exchange-rate':
      return [origin.kind, origin.base.symbol, origin.quote.symbol].join(' ');
    case 'oisy-trade':
    case 'kongswap': {
      const pair = [origin.base.ledger.toHex(), origin.quote.ledger.toHex()].sort();
      return [origin.kind, origin.canister.toHex(), ...pair].join(' ');
    }
    case 'cmc-xdr':
      return origin.kind;
  }
}
