import { QUOTE_LIFE_MINUTES } from '@decent-cloud/domain/fees.ts';
import { quoteExtension } from '../api/rental.api.ts';
import { listTokens } from '../api/token.api.ts';
import type { Rental } from '../api/wire.ts';
import { Action } from './action.state.svelte.ts';
import { app } from './app.state.svelte.ts';
import { QuotePayment } from './payment.state.svelte.ts';
import { wallet } from './wallet.state.svelte.ts';

const QUOTE_LIFE_NS = BigInt(QUOTE_LIFE_MINUTES) * 60_000_000_000n;

/** More time for a rental: a locked price on its way to being paid. */
export class RentalExtension {
  quoted = $state.raw<Rental.QuotedExtension>();
  payment = $state.raw<QuotePayment>();
  readonly action = new Action({
    what: 'The price could not be locked.',
    money: 'Nothing was taken.',
  });

  /** Begins anew, unless it is being paid. */
  reset(): void {
    if (this.payment?.isUnderWay === true) return;
    this.quoted = undefined;
    this.payment = undefined;
    this.action.clear();
  }

  /** Has the treasury lock a price for that time. Nothing is taken. */
  async lock(terms: Rental.FrozenTerms, termNs: bigint): Promise<void> {
    await this.action.run(async () => {
      const { actors } = app;
      const quoted = await quoteExtension(actors, { rentalId: terms.rental_id, termNs });
      const { quote } = quoted;
      const tokens = await listTokens(actors);
      const token = tokens.find(({ ledger }) => ledger.compareTo(terms.ledger) === 'eq');
      if (token === undefined) throw new Error('The treasury does not take this token any more.');
      this.payment = QuotePayment.fresh(
        {
          terms,
          escrowId: quote.escrow_id,
          amount: quote.amount,
          ledgerFee: quote.ledger_fee,
          tokenPriceUsdE8: quote.token_price_usd_e8,
          priceAtNs: quote.price_at_ns,
          createdAtNs: quote.expires_at_ns - QUOTE_LIFE_NS,
          expiresAtNs: quote.expires_at_ns,
        },
        token,
      );
      this.quoted = quoted;
      await wallet.refresh();
    });
  }
}
