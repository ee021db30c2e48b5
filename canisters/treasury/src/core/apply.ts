import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { applyConfigEvent } from './apply/apply-config.ts';
import { applyEscrowEvent } from './apply/apply-escrow.ts';
import { applyPayeeEvent } from './apply/apply-payees.ts';
import { applyQuoteEvent } from './apply/apply-quotes.ts';
import {
  applyDepositPlanned,
  applyTransferPlanned,
  applyTransferStep,
} from './apply/apply-transfers.ts';
import type { TreasuryEvent } from './events.ts';
import type { TreasuryState } from './state.ts';

/** An event where it stands in the journal. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: TimestampNs;
  readonly event: TreasuryEvent;
}

/**
 * The one way in which state changes, live and in replay alike. Throws InvariantError, before or
 * after some rows were written, if the event cannot follow the state; the message is undone then.
 */
export function applyEvent(state: TreasuryState, entry: JournalEntry): void {
  const { event } = entry;
  switch (event.kind) {
    case 'token-configured':
    case 'settings-changed':
    case 'ledger-fee-observed':
    case 'platform-audited':
      applyConfigEvent(state, { ...entry, event });
      return;
    case 'quoted':
    case 'quote-lapsed':
      applyQuoteEvent(state, { ...entry, event });
      return;
    case 'deposit-planned':
      applyDepositPlanned(state, { ...entry, event });
      return;
    case 'transfer-planned':
      applyTransferPlanned(state, { ...entry, event });
      return;
    case 'transfer-sent':
    case 'transfer-resent':
    case 'transfer-retry':
    case 'transfer-reconciling':
    case 'transfer-replanned':
    case 'transfer-paid':
    case 'transfer-failed':
    case 'transfer-parked':
      applyTransferStep(state, { ...entry, event });
      return;
    case 'payout-account-requested':
    case 'payout-account-cancelled':
    case 'payouts-paused':
    case 'payouts-resumed':
      applyPayeeEvent(state, { ...entry, event });
      return;
    default:
      applyEscrowEvent(state, { ...entry, event });
  }
}
