import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { PRICE_COLLAR_BPS } from '@decent-cloud/domain/fees.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Escrow } from '../escrow/escrow.ts';
import { ALL_BPS } from '../escrow/limits.ts';
import type { TokenBook } from '../tokens/token-book.ts';
import type { TokenConfig } from '../tokens/token-config.ts';
import { exposureSum } from './exposure.ts';
import type { TokenPrice } from './make-quote.ts';
import type { Quote } from './quote.ts';

export type PayableRefusal =
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'payment-pending' }
  | { readonly kind: 'already-paid' }
  /** Another quote took its place. */
  | { readonly kind: 'quote-lapsed' }
  | { readonly kind: 'quote-expired'; readonly expiresAt: TimestampNs }
  | { readonly kind: 'amount-above-max'; readonly amount: TokenUnits }
  | { readonly kind: 'token-disabled' };

export type AcceptanceRefusal =
  | PayableRefusal
  /** The token lost too much since the quote. */
  | {
      readonly kind: 'price-moved';
      readonly quotedUsdE8: UsdE8;
      readonly currentUsdE8: UsdE8;
    }
  /** More is bought with this token than its market can bear; a stable token has no such limit. */
  | {
      readonly kind: 'exposure-exceeded';
      readonly acceptedUsdE8: UsdE8;
      readonly capUsdE8: UsdE8;
    };

export interface Payable {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly token: TokenConfig;
  readonly caller: Principal;
  readonly maxAmount: TokenUnits;
  readonly now: TimestampNs;
}

/** All that can be refused without knowing the price. */
export function checkPayable(payable: Payable): Result<Quote, PayableRefusal> {
  const { quote, escrow, token, caller, maxAmount, now } = payable;
  const isPayer = caller.compareTo(quote.terms.payer) === 'eq';
  if (!isPayer && caller.compareTo(quote.reporter) !== 'eq') return err({ kind: 'not-allowed' });
  const refusal = phaseRefusal(escrow, quote);
  if (refusal !== undefined) return err(refusal);
  if (now >= quote.expiresAt) return err({ kind: 'quote-expired', expiresAt: quote.expiresAt });
  if (quote.amount > maxAmount) return err({ kind: 'amount-above-max', amount: quote.amount });
  if (!token.isEnabled) return err({ kind: 'token-disabled' });
  return ok(quote);
}

/** Whether the quote is accepted now. Checked once, in the message that journals the deposit. */
export function checkAcceptance(
  input: Payable & { readonly price: TokenPrice; readonly book: TokenBook | undefined },
): Result<{ readonly exposureUsdE8: UsdE8 }, AcceptanceRefusal> {
  const payable = checkPayable(input);
  if (payable.kind === 'err') return payable;
  const { quote, price, book, now } = input;
  const quotedUsdE8 = quote.tokenPriceUsdE8;
  if (price.usdE8 * ALL_BPS < quotedUsdE8 * (ALL_BPS - BigInt(PRICE_COLLAR_BPS))) {
    return err({ kind: 'price-moved', quotedUsdE8, currentUsdE8: price.usdE8 });
  }
  const acceptedUsdE8 = exposureSum(book?.exposure ?? [], now);
  const exposureUsdE8 = quote.terms.totalUsdE8;
  const capUsdE8 = price.exposureCapUsdE8;
  if (capUsdE8 !== undefined && acceptedUsdE8 + exposureUsdE8 > capUsdE8) {
    return err({ kind: 'exposure-exceeded', acceptedUsdE8, capUsdE8 });
  }
  return ok({ exposureUsdE8 });
}

function phaseRefusal(escrow: Escrow, { expiresAt }: Quote): PayableRefusal | undefined {
  switch (escrow.phase.kind) {
    case 'quoted':
      return undefined;
    case 'lapsed':
      if (escrow.phase.at >= expiresAt) return { kind: 'quote-expired', expiresAt };
      return { kind: 'quote-lapsed' };
    case 'depositing':
      return { kind: 'payment-pending' };
    case 'funded':
    case 'running':
    case 'ended':
    case 'closed':
      return { kind: 'already-paid' };
  }
}
