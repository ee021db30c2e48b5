import type { Principal } from '@dfinity/principal';
import { isSameLedger } from '../sources/origin-assets.ts';
import type { PriceE18, SourceId } from '../units.ts';
import type {
  Evaluation,
  NoPriceReason,
  SourceHealth,
  SourceRejection,
  TokenPrice,
} from './report.ts';

/** Something that an operator wants to know of, between two evaluations. */
export type HealthChange =
  | { readonly kind: 'source-accepted'; readonly source: SourceId }
  | {
      readonly kind: 'source-rejected';
      readonly source: SourceId;
      readonly reason: SourceRejection;
    }
  | {
      readonly kind: 'token-priced';
      readonly ledger: Principal;
      readonly quotePriceE18: PriceE18;
    }
  | {
      readonly kind: 'token-unpriced';
      readonly ledger: Principal;
      readonly reason: NoPriceReason;
    };

/**
 * What changed, sources first. A rejection that only differs in its numbers is no change; one for
 * another reason is. With nothing before, all that is known now is a change.
 */
export function healthChanges(
  before: Evaluation | undefined,
  after: Evaluation,
): readonly HealthChange[] {
  const changes: HealthChange[] = [];
  for (const { id, health } of after.sources) {
    const earlier = before?.sources.find((one) => one.id === id)?.health;
    if (earlier !== undefined && healthName(earlier) === healthName(health)) continue;
    changes.push(
      health.kind === 'valid'
        ? { kind: 'source-accepted', source: id }
        : { kind: 'source-rejected', source: id, reason: health.reason },
    );
  }
  for (const { ledger, price } of after.tokens) {
    const earlier = before?.tokens.find((one) => isSameLedger(one.ledger, ledger))?.price;
    if (earlier !== undefined && priceName(earlier) === priceName(price)) continue;
    changes.push(
      price.kind === 'priced'
        ? { kind: 'token-priced', ledger, quotePriceE18: price.quotePriceE18 }
        : { kind: 'token-unpriced', ledger, reason: price.reason },
    );
  }
  return changes;
}

function healthName(health: SourceHealth): string {
  return health.kind === 'valid' ? 'valid' : health.reason.kind;
}

function priceName(price: TokenPrice): string {
  return price.kind === 'priced' ? 'priced' : price.reason.kind;
}
