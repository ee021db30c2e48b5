import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Escrow } from '../escrow/escrow.ts';
import { planPayout } from '../escrow/payout-plan.ts';
import type { Terms } from './transfer-events.ts';
import type { Transfer } from './transfer.ts';

/**
 * What a new generation sends when the ledger takes `fee`. Undefined if nothing would arrive, and for
 * a deposit, which never gets one. `escrow` is the transfer's own; a withdrawal has none.
 */
export function newTerms(
  transfer: Transfer,
  now: { readonly escrow: Escrow | undefined; readonly fee: TokenUnits },
): Terms | undefined {
  const { purpose } = transfer;
  const { escrow, fee } = now;
  if (purpose.kind === 'payout' && escrow !== undefined) {
    return planPayout({ escrow, party: purpose.party, fee });
  }
  if (purpose.kind !== 'fee-withdrawal') return undefined;
  const amount = (transfer.amount + transfer.fee - fee) as TokenUnits;
  return amount > 0n ? { amount, fee, feeFromPayee: fee } : undefined;
}
