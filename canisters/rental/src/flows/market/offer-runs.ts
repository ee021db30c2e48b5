import { speedNumber } from '../../core/market/search/index-entry.ts';
import type { OfferingId } from '../../core/ids.ts';
import { NO_RUNS, withRun } from '../../core/recipes/run-stats.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** One real run of an offer; `readySeconds`, from payment to ready, count if it became ready. */
export interface OfferRun {
  readonly offeringId: OfferingId;
  readonly outcome: 'ready' | 'failed';
  readonly readySeconds: number;
}

/** Counts a run, and moves the offer to its place by speed: a run that became ready writes many sets. */
export function noteOfferRun(c: RentalCanister, noted: OfferRun): void {
  const { offeringId, outcome, readySeconds } = noted;
  const { stats, index } = c.storage.market;
  const before = stats.get(offeringId) ?? NO_RUNS;
  const after = withRun(
    before,
    outcome === 'ready' ? { kind: 'ready', readySeconds } : { kind: 'failed' },
  );
  stats.set(offeringId, after);
  if (after.p50Seconds === before.p50Seconds) return;
  index.setNumber(offeringId, { number: 'speed', value: speedNumber(after.p50Seconds) });
}
