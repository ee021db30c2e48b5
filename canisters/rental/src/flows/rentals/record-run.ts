import { present } from '@decent-cloud/domain/assert.ts';
import { elapsed } from '@decent-cloud/domain/time.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { noteRun } from '../health/provider-trust.ts';
import { noteOfferRun } from '../market/offer-runs.ts';
import { noteRecipeRun } from '../recipes/note-recipe-run.ts';
import type { RentalCanister } from '../rental-canister.ts';

const NS_PER_SECOND = 1e9;

/**
 * Counts how a paid rental came out, for the offer, the seller and the recipe. A recipe is not to blame
 * where it never got a machine to run on.
 */
export function recordRun(c: RentalCanister, rental: Rental, outcome: 'ready' | 'failed'): void {
  const { id, offeringId, provider } = rental;
  const { recipe } = present(c.storage.rentals.terms.get(id), 'a rental has no terms');
  const readySeconds = outcome === 'ready' ? secondsSincePaid(c, rental) : 0;
  noteOfferRun(c, { offeringId, outcome, readySeconds });
  noteRun(c, { provider, outcome });
  if (recipe === undefined) return;
  if (outcome === 'ready') noteRecipeRun(c, { ref: recipe, run: { kind: 'ready', readySeconds } });
  else if (rental.server?.externalId !== undefined) {
    noteRecipeRun(c, { ref: recipe, run: { kind: 'failed' } });
  }
}

/** From the confirmed payment, which is when the timeline begins. */
function secondsSincePaid(c: RentalCanister, { id }: Rental): number {
  const paid = c.storage.jobs.timelines.get(id, 0);
  const since = paid?.step === 'paid' ? paid.at : c.runtime.time();
  return Number(elapsed(since, c.runtime.time())) / NS_PER_SECOND;
}
