import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { SlotCounts } from '../../core/health/slots.ts';
import { newTrust, type TrustRecord } from '../../core/health/trust.ts';
import { DUE_PROVIDER } from '../../storage/health/health-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** A changed score goes to the search once a day at most: it is in the index of every offer. */
const HAND_OVER_NS = durationNs({ days: 1 });

/** A rental of the provider became ready, or was never delivered. */
export function noteRun(
  c: RentalCanister,
  run: { readonly provider: AccountId; readonly outcome: 'ready' | 'failed' },
): void {
  changeTrust(c, run.provider, (record) => ({
    ...record,
    runs: record.runs + 1,
    succeeded: record.succeeded + (run.outcome === 'ready' ? 1 : 0),
  }));
}

/** The provider ended a rental that ran. */
export function noteCancel(c: RentalCanister, provider: AccountId): void {
  changeTrust(c, provider, (record) => ({ ...record, cancelled: record.cancelled + 1 }));
}

/** What of the provider's rentals became final. */
export function noteSlots(c: RentalCanister, provider: AccountId, counts: SlotCounts): void {
  changeTrust(c, provider, (record) => ({
    ...record,
    upSlots: record.upSlots + counts.up,
    downSlots: record.downSlots + counts.down,
  }));
}

function changeTrust(
  c: RentalCanister,
  provider: AccountId,
  change: (record: TrustRecord) => TrustRecord,
): void {
  const { trust, due } = c.storage.health;
  const { providers } = c.storage.accounts;
  const now = c.runtime.time();
  const since = providers.get(provider)?.createdAt ?? now;
  const changed = change(trust.get(provider) ?? newTrust(since));
  const dueAt = changed.dueAt ?? after(now, HAND_OVER_NS);
  if (changed.dueAt === undefined) due.schedule([DUE_PROVIDER, provider], dueAt);
  trust.set(provider, { ...changed, dueAt });
}
