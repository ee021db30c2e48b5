import { present } from '@decent-cloud/domain/assert.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { noteRun } from '../health/provider-trust.ts';
import { noteOfferRun } from '../market/offer-runs.ts';
import { noteRecipeRun } from '../recipes/note-recipe-run.ts';
import type { RentalCanister } from '../rental-canister.ts';

const NS_PER_SECOND = 1e9;

export type RecordedRun =
  | { readonly rental: Rental; readonly outcome: 'ready'; readonly afterNs: DurationNs }
  | { readonly rental: Rental; readonly outcome: 'failed' };

/**
 * Counts how a paid rental came out, for the offer, the seller and the recipe. A recipe is not to blame
 * where it never got a machine to run on.
 */
export function recordRun(c: RentalCanister, run: RecordedRun): void {
  const { rental, outcome } = run;
  const { id, offeringId, provider, server } = rental;
  const { recipe } = present(c.storage.rentals.terms.get(id), 'a rental has no terms');
  const readySeconds = run.outcome === 'ready' ? Number(run.afterNs) / NS_PER_SECOND : 0;
  noteOfferRun(c, { offeringId, outcome, readySeconds });
  noteRun(c, { provider, outcome });
  if (recipe === undefined) return;
  if (outcome === 'ready') noteRecipeRun(c, { ref: recipe, run: { kind: 'ready', readySeconds } });
  else if (server?.externalId !== undefined) {
    noteRecipeRun(c, { ref: recipe, run: { kind: 'failed' } });
  }
}
