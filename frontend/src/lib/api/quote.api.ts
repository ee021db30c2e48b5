import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental' | 'treasury'>;

/** What is agreed and for how much; nothing is paid yet. */
export interface Quoted {
  readonly terms: Rental.FrozenTerms;
  readonly escrowId: bigint;
  readonly amount: bigint;
  readonly ledgerFee: bigint;
  /** Dollars × 10^8 for one whole token. */
  readonly tokenPriceUsdE8: bigint;
  readonly priceAtNs: bigint;
  readonly createdAtNs: bigint;
  readonly expiresAtNs: bigint;
}

/** What became of a quote that was to be paid; `unpaid` cannot be paid any more. */
export type QuotePhase = 'quoted' | 'awaiting-payment' | 'paid' | 'unpaid';

const OPEN_QUOTES_AMONG = 20;

/** Locks the price for ten minutes. Nothing is taken. */
export async function quoteRental(caller: Caller, input: Rental.RentInput): Promise<Quoted> {
  const { terms, quote } = okOf(await caller.rental.quote_rental(input));
  return {
    terms,
    escrowId: quote.escrow_id,
    amount: quote.amount,
    ledgerFee: quote.ledger_fee,
    tokenPriceUsdE8: quote.token_price_usd_e8,
    priceAtNs: quote.price_at_ns,
    createdAtNs: terms.frozen_at_ns,
    expiresAtNs: quote.expires_at_ns,
  };
}

/** Quotes of the caller that are neither paid nor over, the newest first. */
export async function readOpenQuotes(caller: Caller, nowNs: bigint): Promise<readonly Quoted[]> {
  const { rows } = okOf(await caller.rental.my_rentals({ from: [], limit: OPEN_QUOTES_AMONG }));
  const open = rows.filter(({ state }) => 'Quoted' in state && state.Quoted.expires_at_ns > nowNs);
  const quotes = await Promise.all(open.map(({ rental_id: id }) => readQuote(caller, id)));
  return quotes.filter((quote) => quote !== undefined);
}

/** Where a quote is that was to be paid. One that is forgotten was not paid. */
export async function readPhase(
  { rental }: Pick<Actors, 'rental'>,
  asked: { readonly rentalId: bigint; readonly escrowId: bigint },
): Promise<QuotePhase> {
  const view = okUnless('NotFound', await rental.get_rental(asked.rentalId));
  const period = view?.rental.periods.find(({ escrow_id: id }) => id === asked.escrowId);
  if (view === undefined || period === undefined || 'Lapsed' in period.status) return 'unpaid';
  if (!('Quoted' in period.status)) return 'paid';
  if ('AwaitingPayment' in view.rental.state) return 'awaiting-payment';
  return 'Quoted' in view.rental.state || 'Active' in view.rental.state ? 'quoted' : 'unpaid';
}

/** Has the amount taken, at most once whatever happens. Gives the ledger's block if it has one. */
export async function acceptQuote(
  { rental }: Caller,
  accepted: { readonly rentalId: bigint; readonly maxAmount: bigint },
): Promise<bigint | undefined> {
  const { rentalId, maxAmount } = accepted;
  const { receipt } = okOf(
    await rental.accept_quote({ rental_id: rentalId, max_amount: maxAmount, from_subaccount: [] }),
  );
  return receipt.block[0];
}

/** Whom the market has take payments. */
export async function readTreasury({ rental }: Pick<Actors, 'rental'>): Promise<Principal> {
  return okOf(await rental.settings()).treasury;
}

async function readQuote(caller: Caller, rentalId: bigint): Promise<Quoted | undefined> {
  const view = okUnless('NotFound', await caller.rental.get_rental(rentalId));
  const period = view?.rental.periods.find(({ status }) => 'Quoted' in status);
  if (view === undefined || period === undefined) return undefined;
  const quote = okUnless('NotFound', await caller.treasury.get_quote(period.escrow_id));
  if (quote === undefined) return undefined;
  return {
    terms: view.terms,
    escrowId: quote.id,
    amount: quote.amount,
    ledgerFee: quote.ledger_fee,
    tokenPriceUsdE8: quote.token_price_usd_e8,
    priceAtNs: quote.price_at_ns,
    createdAtNs: quote.created_at_ns,
    expiresAtNs: quote.expires_at_ns,
  };
}
