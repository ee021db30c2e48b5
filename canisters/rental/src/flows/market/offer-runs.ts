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

/**
 * Counts a run. The offer moves to its place by speed in a message of its own, because that writes many
 * sets; an upgrade in between leaves it where it was until its next run.
 */
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
  const run = () => {
    const p50Seconds = stats.get(offeringId)?.p50Seconds;
    index.setNumber(offeringId, { number: 'speed', value: speedNumber(p50Seconds) });
  };
  c.timers.once({ afterSeconds: 0, run });
}
