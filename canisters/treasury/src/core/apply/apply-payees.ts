import { invariant } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { PayeeEvent } from '../events.ts';
import { effectivePayee } from '../payees/payout-account.ts';
import type { Payee } from '../payees/payee.ts';
import type { TreasuryState } from '../state.ts';
import type { Recorded } from './rows.ts';

/** How somebody wants to be paid. */
export function applyPayeeEvent(state: TreasuryState, entry: Recorded<PayeeEvent>): void {
  const { event, at } = entry;
  const { owner } = event;
  const before = effectivePayee({ payee: state.payees.get(owner), owner, now: at });
  state.payees.put(owner, nextPayee(before, { event, at }));
}

function nextPayee(
  payee: Payee,
  { event, at }: { readonly event: PayeeEvent; readonly at: TimestampNs },
): Payee {
  switch (event.kind) {
    case 'payout-account-requested': {
      const { account, effectiveAt } = event;
      invariant(effectiveAt > at, 'a change of account takes effect later');
      return { ...payee, pending: { account, effectiveAt } };
    }
    case 'payout-account-cancelled':
      invariant(payee.pending !== undefined, 'there is no change to cancel');
      return { ...payee, pending: undefined };
    case 'payouts-paused':
      invariant(event.until > at, 'a pause lasts');
      return { ...payee, pausedUntil: event.until };
    case 'payouts-resumed':
      invariant(payee.pausedUntil !== undefined, 'nothing is paused');
      return { ...payee, pausedUntil: undefined };
  }
}
