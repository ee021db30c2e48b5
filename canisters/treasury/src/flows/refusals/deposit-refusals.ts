import type { Principal } from '@dfinity/principal';
import { formatDecimal, type TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Err } from '@decent-cloud/domain/result.ts';
import type { TransferId } from '../../core/ids.ts';
import type { AcceptanceRefusal } from '../../core/quotes/check-acceptance.ts';
import type { Quote } from '../../core/quotes/quote.ts';
import type { TokenConfig } from '../../core/tokens/token-config.ts';
import type { LedgerRefusal } from '../../core/transfers/attempt.ts';
import { postpone, refuse, type TreasuryError } from '../treasury-errors.ts';
import { refuseDisabled, refusePending } from './quote-refusals.ts';

const NOTHING = 'Nothing was taken.';
const NEW_QUOTE = `${NOTHING} Ask for a new quote.`;

export interface DepositContext {
  readonly quote: Quote;
  readonly token: TokenConfig;
  readonly liveTransfer: TransferId | undefined;
  /** Tokens without a cap that could be paid with instead. */
  readonly offer: () => readonly TokenConfig[];
}

/** Why a deposit is not even tried. */
export function refuseAcceptance(
  refusal: AcceptanceRefusal,
  context: DepositContext,
): Err<TreasuryError> {
  const { quote, token } = context;
  switch (refusal.kind) {
    case 'not-allowed':
      return refuse(
        { kind: 'not-allowed' },
        `Only the payer of this quote, or the rental canister for them, accepts it. ${NOTHING}`,
      );
    case 'payment-pending':
      return refusePending(context.liveTransfer ?? (0 as TransferId));
    case 'already-paid':
      return refuse(
        { kind: 'quote-used' },
        'This quote was paid already and its money is accounted for in get_escrow. Nothing more was taken. Ask for a new quote to pay another term.',
      );
    case 'quote-lapsed':
      return refuse(
        { kind: 'quote-superseded' },
        `A newer quote of the same rental took the place of this one. ${NOTHING} Accept the newer one.`,
      );
    case 'quote-expired':
      return refuse(
        { kind: 'quote-expired', expiredAt: refusal.expiresAt },
        `This quote's ten minutes are over. ${NEW_QUOTE}`,
      );
    case 'amount-above-max':
      return refuse(
        { kind: 'amount-above-max', amount: refusal.amount },
        `The quote asks for ${shown(refusal.amount, token)}, more than the max_amount that was allowed. ${NOTHING} Accept with a max_amount of at least that, or leave it.`,
      );
    case 'token-disabled':
      return refuseDisabled(token);
    case 'price-moved':
      return refuse(
        { kind: 'price-moved' },
        `${token.symbol} lost more than 3 % since the quote (from ${usd(quote.tokenPriceUsdE8)} to ${usd(refusal.currentUsdE8)}). ${NEW_QUOTE}`,
      );
    case 'exposure-exceeded':
      return refuseExposure(token, context.offer());
  }
}

/** Somebody tries again and again. */
export function refuseMore(): Err<TreasuryError> {
  return refuse(
    { kind: 'too-many-attempts' },
    `The ledger refused the payment of this quote too often. ${NEW_QUOTE}`,
  );
}

function refuseExposure(token: TokenConfig, offer: readonly TokenConfig[]): Err<TreasuryError> {
  const names = offer.map(({ symbol }) => symbol).join(' or ');
  const advice =
    names === '' ? 'Try again within the hour.' : `Pay in ${names}, or try again later.`;
  const ledgers: readonly Principal[] = offer.map(({ ledger }) => ledger);
  return postpone(
    { kind: 'exposure-exceeded', offer: ledgers },
    `Too much was paid in ${token.symbol} within the last hour for the depth of its market. ${NOTHING} ${advice}`,
  );
}

/** Why the ledger moved nothing, in the words of whoever has to do something about it. */
export function refuseTransfer(
  failure: { readonly refusal: LedgerRefusal | undefined; readonly reason: string },
  { quote, token }: { readonly quote: Quote; readonly token: TokenConfig },
): Err<TreasuryError> {
  const { refusal, reason } = failure;
  const needed = (quote.amount + token.fee) as TokenUnits;
  const again = `${NOTHING} Then accept the same quote again while it is valid.`;
  switch (refusal?.kind) {
    case 'insufficient-allowance':
      return refuse(
        { kind: 'insufficient-allowance', needed },
        `The treasury may not take ${shown(needed, token)} (amount and ledger fee) from this account. Approve exactly that for the treasury on the ledger. ${again}`,
      );
    case 'insufficient-funds':
      return refuse(
        { kind: 'insufficient-funds', balance: refusal.balance as TokenUnits },
        `The account holds ${shown(refusal.balance, token)}, and ${shown(needed, token)} is needed (amount and ledger fee). Put more there. ${again}`,
      );
    case 'bad-fee':
      return refuse(
        { kind: 'ledger-fee-changed', fee: refusal.expectedFee as TokenUnits },
        `The ledger's fee changed to ${shown(refusal.expectedFee, token)}. Approve the amount plus the new fee. ${again}`,
      );
    case 'temporarily-unavailable':
    case 'created-in-future':
      return postpone(
        { kind: 'ledger-unavailable' },
        `The ledger of ${token.symbol} does not work now. ${again}`,
      );
    default:
      return refuse(
        { kind: 'ledger-refused', reason },
        `The ledger of ${token.symbol} refused: ${reason}. ${again}`,
      );
  }
}

function shown(amount: bigint, { decimals, symbol }: TokenConfig): string {
  return `${formatDecimal({ amount, decimals })} ${symbol}`;
}

function usd(amount: bigint): string {
  return `${formatDecimal({ amount, decimals: 8 })} USD`;
}
