import { elapsed } from '@decent-cloud/domain/time.ts';
import type { RentalCanister } from './rental-canister.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** Due work is begun every ten seconds; far beyond that something keeps it from running. */
const LATE_SECONDS = 300n;

type Canister = Pick<RentalCanister, 'runtime' | 'storage'>;

/** What somebody has to look at now; empty if all is well. */
export function rentalTroubles(c: RentalCanister): readonly string[] {
  const stuck = c.storage.jobs.links.count({ kind: 'stuck', of: 0 });
  const { refused } = c.storage.rentals.facts;
  const [rentals, facts] = [overdueSeconds(c, 'rentals'), overdueSeconds(c, 'facts')];
  const begun = overdueSeconds(c, 'begun');
  return [
    ...(c.storage.accounts.settings.get(null) === undefined ? ['set_settings is missing'] : []),
    ...(stuck > 0 ? [`jobs need a look: ${stuck}, see list_stuck_jobs`] : []),
    ...(refused.length(null) > 0 ? ['the treasury refused facts, see list_refused_facts'] : []),
    ...(rentals > LATE_SECONDS ? [`rentals wait for their turn: ${rentals.toString()} s`] : []),
    ...(begun > LATE_SECONDS ? [`new rentals are not counted: ${begun.toString()} s`] : []),
    ...(facts > LATE_SECONDS ? [`the treasury is not told: ${facts.toString()} s`] : []),
  ];
}

/** How late the first entry of a queue is. */
export function overdueSeconds(
  { runtime, storage }: Canister,
  queue: 'rentals' | 'begun' | 'facts',
): bigint {
  const now = runtime.time();
  const { due, begun, facts } = storage.rentals;
  const queues = { rentals: due, begun, facts: facts.due };
  const next = queues[queue].nextDueAtNs() ?? now;
  return elapsed(next, now) / NS_PER_SECOND;
}
