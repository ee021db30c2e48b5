import type { Principal } from '@dfinity/principal';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';

/** How a provider or author wants to be paid. Without one: to the principal's default account. */
export interface Payee {
  readonly owner: Principal;
  readonly account: Account;
  /** A change takes effect 48 h after it was asked for and can be cancelled until then. */
  readonly pending: { readonly account: Account; readonly effectiveAt: TimestampNs } | undefined;
  /** Payouts wait until then; at most 90 days ahead. */
  readonly pausedUntil: TimestampNs | undefined;
}
