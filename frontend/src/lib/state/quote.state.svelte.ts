import { quoteRental, readOpenQuotes, type Quoted } from '../api/quote.api.ts';
import { listTokens } from '../api/token.api.ts';
import { holdingWhyNot } from '../api/wallet.api.ts';
import { paymentTroubleOf, type PaymentTrouble } from '../services/payment-trouble.service.ts';
import { app } from './app.state.svelte.ts';
import { keyring, KeyringCancelled } from './keyring.state.svelte.ts';
import { QuotePayment } from './payment.state.svelte.ts';
import type { RentForm } from './rent-form.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';
import { session } from './session.state.svelte.ts';
import { signIn } from './sign-in.state.svelte.ts';
import { wallet } from './wallet.state.svelte.ts';

/** From a filled form to a locked price, and back. */
export class QuoteDesk {
  /** The price that is locked, if one is. */
  current = $state.raw<QuotePayment>();
  /** Why it could not be locked the last time. */
  problem = $state.raw<PaymentTrouble>();
  /** What somebody was asked for and did not give. */
  note = $state('');
  isLocking = $state(false);
  /** Prices that the caller locked and neither paid nor let run out. */
  readonly open = new Resource<readonly Quoted[]>(
    () => readOpenQuotes(app.actors, BigInt(Date.now()) * 1_000_000n),
    { what: 'Your locked prices could not be read.' },
  );

  /** What keeps the price from being locked: one line for each. */
  problemsOf(form: RentForm): readonly string[] {
    if (form.ledger === '') return form.problems;
    const holding = wallet.holding(form.ledger);
    const whyNot =
      holding === undefined
        ? 'its price is still being read.'
        : holdingWhyNot(holding, form.cost?.totalUsdE8);
    return whyNot === undefined ? form.problems : [...form.problems, `Token: ${whyNot}`];
  }

  /** Locks the price of what the form asks for; has who is nobody sign in instead. Never throws. */
  async lock(form: RentForm): Promise<void> {
    if (this.isLocking) return;
    this.note = '';
    if (!session.isSignedIn) {
      // Balances are known from then on: the form is looked at once more before anything is locked.
      await signIn.ask('Sign in to rent');
      return;
    }
    form.isChecked = true;
    const token = wallet.holding(form.ledger)?.token;
    if (token === undefined || this.problemsOf(form).length > 0) return;
    this.isLocking = true;
    this.problem = undefined;
    try {
      if (form.makesSecrets) await keyring.ensure();
      await form.saveKey();
      const quoted = await quoteRental(app.actors, await form.input());
      this.#show(QuotePayment.fresh(quoted, token));
    } catch (error) {
      if (error instanceof KeyringCancelled) this.note = error.message;
      else this.problem = paymentTroubleOf(error, { attempt: 'lock', token });
    } finally {
      this.isLocking = false;
    }
  }

  /** Goes on with a price that was locked before. */
  async resume(quoted: Quoted): Promise<void> {
    const tokens = await listTokens(app.actors);
    const token = tokens.find(({ id }) => id === quoted.terms.ledger.toText());
    if (token !== undefined) this.#show(QuotePayment.found(quoted, token));
  }

  /** Back to the form. The lock runs out by itself; nothing was taken. */
  drop(): void {
    if (this.current?.isUnderWay === true) return;
    this.current = undefined;
    void this.open.load();
  }

  #show(payment: QuotePayment): void {
    this.current = payment;
    this.problem = undefined;
    void payment.readAllowed().catch(() => undefined);
    void wallet.refresh();
  }
}
