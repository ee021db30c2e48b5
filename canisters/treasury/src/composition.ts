import { azleRuntime } from '@decent-cloud/kit/azle/azle.runtime.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { azleTimers } from '@decent-cloud/kit/azle/azle.timers.ts';
import { CanisterMetrics } from '@decent-cloud/kit/http/canister-metrics.ts';
import { OpenReads } from './flows/audits/open-reads.ts';
import { AUDIT_LIMITS } from './flows/audits/tick-audits.flow.ts';
import { VERIFY_LIMITS } from './flows/audits/verify-escrow.flow.ts';
import { PriceClient } from './flows/price-client.ts';
import { transferMemory } from './flows/transfers/transfer-canister.ts';
import type { TreasuryCanister } from './flows/treasury-canister.ts';
import { openStorage } from './storage/treasury-storage.ts';

const prices = new PriceClient(azleRuntime);

interface Composition extends TreasuryCanister {
  readonly metrics: CanisterMetrics;
}

/** The canister's parts, put together once when its code starts. */
export const canister: Composition = {
  runtime: azleRuntime,
  timers: azleTimers,
  storage: openStorage(azleStableStore),
  memory: transferMemory(),
  prices,
  audits: new OpenReads(AUDIT_LIMITS),
  verifications: new OpenReads(VERIFY_LIMITS),
  priceHint: (ledger) => prices.hint(ledger),
  metrics: new CanisterMetrics({ prefix: 'dc_treasury', runtime: azleRuntime }),
};
