import { present } from '@decent-cloud/domain/assert.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { timeToReady } from '../../core/rentals/time-to-ready.ts';
import { noteRun } from '../health/provider-trust.ts';
import { noteOfferRun } from '../market/offer-runs.ts';
import { noteRecipeRun } from '../recipes/note-recipe-run.ts';
import type { RentalCanister } from '../rental-canister.ts';

const NS_PER_SECOND = 1e9;

export interface RecordedRun {
  /** Before the transition that ended the run. */
  readonly before: Rental;
  readonly rental: Rental;
  readonly outcome: 'ready' | 'failed';
}

/**
 * Counts how a paid rental came out, for the offer, the seller and the recipe. A recipe is not to blame
 * where it never got a machine to run on.
 */
export function recordRun(c: RentalCanister, { before, rental, outcome }: RecordedRun): void {
  const { id, offeringId, provider } = rental;
  const { recipe } = present(c.storage.rentals.terms.get(id), 'a rental has no terms');
  const readyNs = outcome === 'ready' ? timeToReady(before, c.runtime.time()) : 0n;
  const readySeconds = Number(readyNs) / NS_PER_SECOND;
  noteOfferRun(c, { offeringId, outcome, readySeconds });
  noteRun(c, { provider, outcome });
  if (recipe === undefined) return;
  if (outcome === 'ready') noteRecipeRun(c, { ref: recipe, run: { kind: 'ready', readySeconds } });
  else if (rental.server?.externalId !== undefined) {
    noteRecipeRun(c, { ref: recipe, run: { kind: 'failed' } });
  }
}
