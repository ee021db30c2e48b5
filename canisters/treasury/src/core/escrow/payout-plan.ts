import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Escrow, Party } from './escrow.ts';
import { openOf } from './party-book.ts';

/** What one transfer to a party moves and who bears the ledger's fee for it. */
export interface PayoutAmounts {
  /** What arrives. */
  readonly amount: TokenUnits;
  readonly fee: TokenUnits;
  /** Of the fee, what is taken from the party's own credit; the rest is the platform's. */
  readonly feeFromPayee: TokenUnits;
}

/**
 * All that a party has open, in one transfer. The platform's credit in this escrow pays the ledger's
 * fee as far as it reaches. Undefined if nothing would arrive. Also for a new try after the ledger
 * changed its fee.
 */
export function planPayout(input: {
  readonly escrow: Escrow;
  readonly party: Party;
  readonly fee: TokenUnits;
}): PayoutAmounts | undefined {
  const { books } = input.escrow;
  const feeFromPayee = feeBorneByPayee(input);
  const amount = openOf(books[input.party]) - feeFromPayee;
  return amount > 0n ? { amount: amount as TokenUnits, fee: input.fee, feeFromPayee } : undefined;
}

function feeBorneByPayee(input: {
  readonly escrow: Escrow;
  readonly party: Party;
  readonly fee: TokenUnits;
}): TokenUnits {
  if (input.party === 'platform') return input.fee;
  const platformHas = openOf(input.escrow.books.platform);
  return (input.fee > platformHas ? input.fee - platformHas : 0n) as TokenUnits;
}
