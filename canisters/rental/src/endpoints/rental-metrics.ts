import { gauge, type Metric } from '@decent-cloud/kit/http/metrics.ts';
import { backlogOf } from '../core/jobs/backlog.ts';
import { backlogCounts } from '../flows/jobs/job-moves.ts';
import type { RentalCanister } from '../flows/rental-canister.ts';
import { overdueSeconds } from '../flows/rental-health.ts';

/** Reads counters and the beginnings of queues, nothing that grows. */
export function rentalMetrics(c: RentalCanister): readonly Metric[] {
  const { accounts, market, recipes, rentals, jobs, strays } = c.storage;
  const single = (name: string, help: string, value: number | bigint) =>
    gauge({ name: `dc_rental_${name}`, help, value });
  const total = (name: string, help: string, value: number): Metric => ({
    ...single(`${name}_total`, help, value),
    kind: 'counter',
  });
  return [
    single('accounts', 'Accounts', accounts.accounts.size()),
    single('providers', 'Accounts that sell', accounts.providers.size()),
    single('offerings', 'Offers, retired ones included', market.offerings.size()),
    single('recipes', 'Recipes', recipes.recipes.size()),
    single('rentals', 'Rentals that are not archived', rentals.rentals.size()),
    {
      name: 'dc_rental_jobs',
      help: 'Jobs that are not over',
      kind: 'gauge',
      samples: backlogOf(backlogCounts(c)).flatMap(({ job, ...states }) =>
        Object.entries(states).map(([state, value]) => ({ labels: { job, state }, value })),
      ),
    },
    single('stuck_jobs', 'Jobs to look at', jobs.links.count({ kind: 'stuck', of: 0 })),
    single('facts_waiting', 'Escrows with facts under way', rentals.facts.due.size()),
    single('facts_refused', 'Facts that the treasury refused', rentals.facts.refused.length(null)),
    total('strays_seen', 'Servers without a rental that were ever seen', strays.ids.count()),
    total('strays_deleted', 'Servers without a rental that were deleted', strays.deletions.count()),
    single('overdue_seconds', 'How late the next rental is', overdueSeconds(c, 'rentals')),
  ];
}
