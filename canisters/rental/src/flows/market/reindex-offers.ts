import { runInMessages } from '@decent-cloud/kit/runtime/batch.ts';
import type { OfferingId, RecipeId } from '../../core/ids.ts';
import { EMPTY, slotsOf, type BitSet } from '../../core/market/search/bit-set.ts';
import { recipeTerm } from '../../core/market/search/index-entry.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { indexOffer } from './index-offer.ts';

/**
 * A recipe was edited, published or withdrawn: the offers that run it are found by its new words,
 * and only while it can be rented. Goes on in later messages if they are many; an upgrade in
 * between ends it, and an offer then has its old place until somebody touches it or the recipe
 * again.
 */
export function recipeChanged(c: RentalCanister, recipeId: RecipeId): void {
  const set = c.storage.market.index.sets.of(recipeTerm(recipeId));
  forEachOffer(c, set, (id) => {
    const offering = c.storage.market.offerings.get(id);
    if (offering !== undefined) indexOffer(c, offering);
  });
}

/** Does something to each offer of a set, a few in each message. */
export function forEachOffer(
  c: RentalCanister,
  set: BitSet,
  change: (id: OfferingId) => void,
): void {
  if (set === EMPTY) return;
  let rest = set;
  const step = (): 'more' | 'done' => {
    const [slot] = slotsOf(rest, 1);
    if (slot === undefined) return 'done';
    rest &= rest - 1n;
    change(slot as OfferingId);
    return rest === EMPTY ? 'done' : 'more';
  };
  runInMessages(c.runtime, c.timers, { step });
}
