import { approveSpender, readAllowance } from '../api/ledger.api.ts';
import { acceptQuote, readPhase, readTreasury, type Quoted } from '../api/quote.api.ts';
import type { Token } from '../api/token.api.ts';
import {
  isUnderWay,
  nextPayment,
  NO_PAYMENT,
  type Payment,
  type PaymentEvent,
} from '../services/payment.service.ts';
import { payOutcomeOf, paymentTroubleOf } from '../services/payment-trouble.service.ts';
import { lockEndsAtMs } from '../services/quote-countdown.service.ts';
import { dueOf, type Due } from '../services/token-amount.service.ts';
import { app } from './app.state.svelte.ts';
import { wallet } from './wallet.state.svelte.ts';

/** How long the treasury may still take the amount after the price lock: a payment may be on its way. */
const GRACE_NS = 5n * 60n * 1_000_000_000n;
const LOOK_AFTER_MS = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000];

/** One locked price on its way to being paid: of a new rental, or of more time for one. */
export class QuotePayment {
  payment = $state.raw<Payment>(NO_PAYMENT);
  /** What the treasury may take already. */
  allowed = $state.raw(0n);
  readonly quoted: Quoted;
  readonly token: Token;
  /** By this device's clock. */
  readonly endsAtMs: number;
  /** Whose tokens would be taken: nobody else can pay it. */
  readonly payer: string;

  constructor(quoted: Quoted, of: { readonly token: Token; readonly endsAtMs: number }) {
    this.quoted = quoted;
    this.token = of.token;
    this.endsAtMs = of.endsAtMs;
    this.payer = quoted.terms.payer.toText();
  }

  /** A price that was locked just now. */
  static fresh(quoted: Quoted, token: Token): QuotePayment {
    const { createdAtNs, expiresAtNs } = quoted;
    const endsAtMs = lockEndsAtMs({ receivedAtMs: Date.now(), createdAtNs, expiresAtNs });
    return new QuotePayment(quoted, { token, endsAtMs });
  }

  /** A price that was locked before this page was loaded. */
  static found(quoted: Quoted, token: Token): QuotePayment {
    return new QuotePayment(quoted, { token, endsAtMs: Number(quoted.expiresAtNs / 1_000_000n) });
  }

  get rentalId(): bigint {
    return this.quoted.terms.rental_id;
  }

  get due(): Due {
    const { amount, ledgerFee } = this.quoted;
    return dueOf({ amount, ledgerFee, allowed: this.allowed });
  }

  get isUnderWay(): boolean {
    return isUnderWay(this.payment);
  }

  /** Reads what the treasury may take already, so that an approval is not paid for twice. */
  async readAllowed(): Promise<void> {
    const spender = await readTreasury(app.actors);
    const { ledger } = this.token;
    const { amount, expiresAtNs } = await readAllowance(app.actors, { ledger, spender });
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    this.allowed = expiresAtNs === undefined || expiresAtNs > nowNs ? amount : 0n;
  }

  /** Approves and pays. Never throws: `payment` says how far it came. */
  async pay(): Promise<void> {
    const begun = nextPayment(this.payment, { kind: 'begun' });
    if (begun === this.payment) return;
    this.payment = begun;
    if (await this.#approve()) await this.#accept();
    await wallet.refresh();
  }

  /** Asks what became of a payment whose answer never came, until it is known. */
  async lookUp(): Promise<void> {
    const { rentalId } = this;
    const { escrowId } = this.quoted;
    for (const waitMs of LOOK_AFTER_MS) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.payment.kind !== 'lost') return;
      const phase = await readPhase(app.actors, { rentalId, escrowId }).catch(() => undefined);
      if (phase === undefined) continue;
      if (phase === 'paid') this.#step({ kind: 'paid', block: undefined });
      else this.#step({ kind: phase === 'awaiting-payment' ? 'pending' : 'found-unpaid' });
      return;
    }
  }

  async #approve(): Promise<boolean> {
    const { token, quoted } = this;
    try {
      await this.readAllowed();
      const { allowance } = this.due;
      if (this.allowed < allowance) {
        await approveSpender(app.actors, {
          ledger: token.ledger,
          spender: await readTreasury(app.actors),
          amount: allowance,
          expiresAtNs: quoted.expiresAtNs + GRACE_NS,
        });
        this.allowed = allowance;
      }
      this.#step({ kind: 'allowed' });
      return true;
    } catch (error) {
      const problem = paymentTroubleOf(error, { attempt: 'approve', token });
      this.#step({ kind: 'refused', problem });
      return false;
    }
  }

  async #accept(): Promise<void> {
    const { rentalId, token } = this;
    try {
      const maxAmount = this.quoted.amount;
      const block = await acceptQuote(app.actors, { rentalId, maxAmount });
      this.#step({ kind: 'paid', block });
    } catch (error) {
      const outcome = payOutcomeOf(error, token);
      this.#step(outcome);
      if (outcome.kind === 'lost') await this.lookUp();
    }
  }

  #step(event: PaymentEvent): void {
    this.payment = nextPayment(this.payment, event);
  }
}
