import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../core/account.ts';
import type { ConsentSubject } from '../core/consent/consent-message.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { EscrowId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import type { DepositRequest } from './deposit.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

/** A call that somebody is asked to sign, as far as its arguments say. */
export type ConsentCall =
  | { readonly kind: 'deposit'; readonly request: DepositRequest }
  | { readonly kind: 'open-dispute'; readonly escrowId: EscrowId; readonly reason: string }
  | {
      readonly kind: 'agree-split';
      readonly escrowId: EscrowId;
      readonly payerPart: TokenUnits;
    }
  | { readonly kind: 'set-payout-account'; readonly account: Account }
  | { readonly kind: 'cancel-payout-account' }
  | { readonly kind: 'pause-payouts'; readonly until: TimestampNs }
  | { readonly kind: 'resume-payouts' };

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

/**
 * The call with what the canister knows about it. Who asks is not looked at: signers without a
 * network ask as nobody. Refused with a sentence if signing could not do what the message would say.
 */
export function consentSubject(
  canister: Canister,
  call: ConsentCall,
): Result<ConsentSubject, string> {
  switch (call.kind) {
    case 'deposit':
      return depositSubject(canister, call.request);
    case 'open-dispute': {
      const known = find(canister, call.escrowId);
      if (known.kind === 'err') return known;
      return ok({ kind: 'open-dispute', quote: known.value.quote, reason: call.reason });
    }
    case 'agree-split':
      return splitSubject(canister, call);
    case 'set-payout-account':
    case 'cancel-payout-account':
    case 'pause-payouts':
    case 'resume-payouts':
      return ok(call);
  }
}

function depositSubject(
  canister: Canister,
  { escrowId, maxAmount, fromSubaccount }: DepositRequest,
): Result<ConsentSubject, string> {
  const known = find(canister, escrowId);
  if (known.kind === 'err') return known;
  const { quote, escrow, token } = known.value;
  if (escrow.phase.kind === 'depositing') {
    return err('This quote is being paid already. Nothing more would be taken.');
  }
  if (escrow.phase.kind !== 'quoted' || quote.expiresAt <= canister.runtime.time()) {
    return err('This quote cannot be paid any more. Ask for a new one.');
  }
  if (quote.amount > maxAmount) {
    return err('The quote is above the most that this call allows. Nothing would be taken.');
  }
  const from = { owner: quote.terms.payer, subaccount: fromSubaccount };
  return ok({ kind: 'deposit', quote, token, from });
}

function splitSubject(
  canister: Canister,
  { escrowId, payerPart }: Extract<ConsentCall, { readonly kind: 'agree-split' }>,
): Result<ConsentSubject, string> {
  const known = find(canister, escrowId);
  if (known.kind === 'err') return known;
  const { quote, escrow, token } = known.value;
  const frozen = escrow.dispute?.frozen;
  if (frozen === undefined) return err('There is no open dispute about this payment.');
  if (payerPart > frozen) return err('The part for the renter is more than what is frozen.');
  return ok({ kind: 'agree-split', quote, token, payerPart, frozen });
}

interface Known {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly token: TokenConfig;
}

function find({ storage }: Canister, id: EscrowId): Result<Known, string> {
  const quote = storage.quotes.get(id);
  const escrow = storage.escrows.get(id);
  const token = quote === undefined ? undefined : storage.tokens.get(quote.terms.ledger);
  if (quote === undefined || escrow === undefined || token === undefined) {
    return err(`There is no quote and no payment number ${id}.`);
  }
  return ok({ quote, escrow, token });
}
