import type { Err } from '@decent-cloud/domain/result.ts';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { EscrowId, TransferId } from '../../core/ids.ts';
import type { QuoteRefusal } from '../../core/quotes/make-quote.ts';
import type { TokenConfig } from '../../core/tokens/token-config.ts';
import { postpone, refuse, type TreasuryError } from '../treasury-errors.ts';

export function refuseUnconfigured(): Err<TreasuryError> {
  return refuse(
    { kind: 'not-configured' },
    'The treasury is not set up yet, so nothing can be paid and nothing was taken. Its controller has to call set_settings.',
  );
}

export function refuseUnknownToken(): Err<TreasuryError> {
  return refuse(
    { kind: 'unknown-token' },
    'Rentals cannot be paid in this token, and nothing was taken. Choose one that list_tokens names.',
  );
}

export function refuseDisabled({ symbol }: TokenConfig): Err<TreasuryError> {
  return refuse(
    { kind: 'token-disabled' },
    `${symbol} takes no new payments now, and nothing was taken. What was paid in it runs on and is paid out. Choose another token.`,
  );
}

export function refusePending(transferId: TransferId): Err<TreasuryError> {
  return postpone(
    { kind: 'payment-pending', transferId },
    'A payment for this rental is under way and its outcome is not known yet. It is never taken twice: do not pay again, look at get_escrow until it says Funded or Quoted.',
  );
}

export function refuseQuote(refusal: QuoteRefusal, token: TokenConfig): Err<TreasuryError> {
  switch (refusal.kind) {
    case 'token-disabled':
      return refuseDisabled(token);
    case 'amount-too-small': {
      const { decimals, symbol } = token;
      const minimum = formatDecimal({ amount: refusal.minimum, decimals });
      const rule = `is worth less than ${minimum} ${symbol}, below which ledger fees eat too much; rent longer or pay in another token`;
      return invalidArgument({ argument: 'total_usd_e8', rule });
    }
  }
}

export function refuseUnknownQuote(id: EscrowId): Err<TreasuryError> {
  return refuse({ kind: 'not-found' }, `There is no quote ${id}. Nothing was taken.`);
}
