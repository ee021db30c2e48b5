import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Due } from '@decent-cloud/kit/store/due-queue.ts';
import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import { scoreOf } from '../../core/health/trust.ts';
import { DUE_PROVIDER, DUE_RENTAL, type HealthDue } from '../../storage/health/health-storage.ts';
import { setProviderTrust } from '../market/provider-trust.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { lookAtHealth } from './bring-up-to-date.ts';

/** 200 a minute are 72,000 rentals in the six hours between two looks at one that nobody reports. */
const ITEMS_PER_RUN = 200;

/** What health does by the canister's own clock. */
export function healthTasks(c: RentalCanister): readonly TimerTask[] {
  return [
    {
      name: 'health',
      everySeconds: 60,
      run: () => {
        lookAtDue(c);
      },
    },
  ];
}

/** Each in a message of its own: one that traps stops no other. */
export function lookAtDue(c: RentalCanister): void {
  for (const item of c.storage.health.due.due(c.runtime.time(), ITEMS_PER_RUN)) {
    c.timers.once({
      afterSeconds: 0,
      run: () => {
        lookAt(c, item);
      },
    });
  }
}

function lookAt(c: RentalCanister, { id: [kind, id], dueAtNs }: Due<HealthDue>): void {
  if (kind === DUE_RENTAL) lookAtHealth(c, id as RentalId, dueAtNs);
  else handOverTrust(c, id as AccountId, dueAtNs);
}

/** Hands the score to the search if it is another one. */
function handOverTrust(c: RentalCanister, provider: AccountId, dueAt: TimestampNs): void {
  const { trust, due } = c.storage.health;
  due.cancel([DUE_PROVIDER, provider], dueAt);
  const record = trust.get(provider);
  if (record?.dueAt !== dueAt) return;
  const score = scoreOf(record);
  trust.set(provider, { ...record, searchScore: score, dueAt: undefined });
  if (score !== record.searchScore) setProviderTrust(c, { provider, score });
}
