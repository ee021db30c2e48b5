import type { OpenReads } from './audits/open-reads.ts';
import type { PriceClient } from './price-client.ts';
import type { TransferCanister } from './transfers/transfer-canister.ts';

/** What flows work with; put together once in the composition root. */
export interface TreasuryCanister extends TransferCanister {
  readonly prices: PriceClient;
  /** Audits that wait for a ledger. */
  readonly audits: OpenReads;
  /** Balances that callers asked for. */
  readonly verifications: OpenReads;
}
