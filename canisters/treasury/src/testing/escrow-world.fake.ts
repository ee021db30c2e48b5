import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { invariant, present } from '@decent-cloud/domain/assert.ts';
import { after, timestampNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import { applyEvent, type JournalEntry } from '../core/apply.ts';
import { escrowAccount, platformAccount } from '../core/accounts.ts';
import { dueAction } from '../core/escrow/due-action.ts';
import type { Escrow, Party } from '../core/escrow/escrow.ts';
import type { Fact } from '../core/escrow/fact.ts';
import { checkFact, type FactOutcome } from '../core/escrow/facts.ts';
import { planPayout } from '../core/escrow/payout-plan.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { checkTerms } from '../core/quotes/check-terms.ts';
import { makeQuote } from '../core/quotes/make-quote.ts';
import type { Quote, RentalTerms } from '../core/quotes/quote.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { freezeArgs } from '../core/transfers/frozen-args.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import { START, TERMS, TOKEN, units, who } from './escrow-terms.fake.ts';
import { memoryState, type EscrowRows, type MemoryState } from './memory-state.ts';

/** What becomes of one transfer on the ledger. */
export type Fate = 'paid' | 'retried' | 'found' | 'fee-rises' | 'parked' | 'failed';

/**
 * A treasury with one rental's escrow, run by the pure core alone: time is turned by hand, and a ledger
 * that keeps its own balances answers as the fates say. Everything is an event in `journal`.
 */
export class EscrowWorld {
  readonly state: MemoryState = memoryState();
  readonly journal: JournalEntry[] = [];
  /** The ledger's own truth: what is where, by name of the account. */
  readonly ledger = { escrow: 0n, platform: 0n, payer: 0n, provider: 0n, author: 0n, burnt: 0n };
  readonly id = 0 as EscrowId;
  now = START;
  fates: Fate[] = [];
  #block = 100n;
  #transfers = 0;

  constructor(options: { readonly terms?: RentalTerms; readonly token?: TokenConfig } = {}) {
    const token = options.token ?? TOKEN;
    this.record({ kind: 'token-configured', by: who.stranger, config: token });
    const terms = checkTerms(options.terms ?? TERMS);
    invariant(terms.kind === 'ok', 'the terms of the test are sound');
    const quote = makeQuote({
      id: this.id,
      terms: terms.value,
      token,
      price: {
        usdE8: 100_000_000n as UsdE8,
        at: this.now,
        sourcesHash: new Uint8Array(32),
        exposureCapUsdE8: undefined,
      },
      settings: { rental: who.rental, arbiter: who.arbiter, tokenValue: who.stranger },
      now: this.now,
    });
    invariant(quote.kind === 'ok', 'the quote of the test is sound');
    this.record({ kind: 'quoted', quote: quote.value });
  }

  get quote(): Quote {
    return present(this.state.quotes.get(this.id), 'the quote is there');
  }

  get escrow(): Escrow {
    return present(this.state.escrows.get(this.id), 'the escrow is there');
  }

  get fee(): TokenUnits {
    return present(this.state.tokens.get(who.ledger), 'the token is there').fee;
  }

  get rows(): EscrowRows {
    const { quote, escrow } = this;
    return { quote, escrow, transfers: this.state.transfers.values() };
  }

  record(event: TreasuryEvent): void {
    const entry = { seq: this.journal.length, at: this.now, event };
    applyEvent(this.state, entry);
    this.journal.push(entry);
  }

  wait(duration: DurationNs): void {
    this.now = after(this.now, duration);
  }

  /** The deposit, as far as its fate lets it come. */
  deposit(): void {
    const transferId = this.#nextTransferId();
    const { quote } = this;
    const to = escrowAccount(who.self, this.id);
    this.record({
      kind: 'deposit-planned',
      transferId,
      escrowId: this.id,
      from: { owner: who.payer, subaccount: undefined },
      to,
      amount: quote.amount,
      fee: this.fee,
      scanFrom: 0n,
      exposureUsdE8: quote.terms.totalUsdE8,
    });
    this.#run(transferId);
  }

  /** Reports the next fact; records it if it is accepted. */
  fact(fact: Fact, seq = this.escrow.factSeq + 1): FactOutcome {
    const { quote, escrow, now } = this;
    const outcome = checkFact({ quote, escrow, seq, fact, now });
    if (outcome.kind === 'apply') this.record(outcome.event);
    return outcome;
  }

  /** Paid and started at once. */
  start(): this {
    this.deposit();
    this.fact({ kind: 'started', at: this.now });
    return this;
  }

  /** What the timer does: everything that is due about the escrow. */
  tick(): void {
    for (let steps = 0; steps < 40; steps += 1) {
      const action = this.nextAction();
      if (action.kind === 'none') return;
      if (action.kind === 'event') {
        this.record(action.event);
        continue;
      }
      const transferId = this.#nextTransferId();
      const { party, ...plan } = action.plan;
      this.record({
        kind: 'transfer-planned',
        transferId,
        purpose: { kind: 'payout', escrowId: this.id, party },
        ledger: who.ledger,
        from: escrowAccount(who.self, this.id),
        scanFrom: this.#block,
        ...plan,
      });
      this.#run(transferId);
    }
    throw new Error('the escrow never comes to rest');
  }

  nextAction(): ReturnType<typeof dueAction> {
    const { quote, escrow, fee, now, state } = this;
    const payees = {
      provider: state.payees.get(who.provider),
      author: state.payees.get(who.author),
    };
    return dueAction({ quote, escrow, fee, payees, self: who.self, now });
  }

  /** Turns time forward, tick by tick, until nothing is due any more or `until` is reached. */
  runUntil(until: bigint): void {
    for (let ticks = 0; ticks < 2_000; ticks += 1) {
      this.tick();
      const { dueAt } = this.escrow;
      if (dueAt === undefined || dueAt > until) break;
      invariant(dueAt > this.now, 'what is due was done');
      this.now = dueAt;
    }
    if (until > this.now) this.now = timestampNs(until);
  }

  /** What the platform can take out of its own account. */
  withdraw(amount: TokenUnits): void {
    const transferId = this.#nextTransferId();
    this.record({
      kind: 'transfer-planned',
      transferId,
      purpose: { kind: 'fee-withdrawal' },
      ledger: who.ledger,
      from: platformAccount(who.self),
      to: { owner: who.stranger, subaccount: undefined },
      amount,
      fee: this.fee,
      feeFromPayee: this.fee,
      scanFrom: this.#block,
    });
    this.#run(transferId);
  }

  #nextTransferId(): TransferId {
    this.#transfers += 1;
    return (this.#transfers - 1) as TransferId;
  }

  #transfer(id: TransferId): Transfer {
    return present(this.state.transfers.get(id), 'the transfer is there');
  }

  #send(transferId: TransferId): void {
    const args = freezeArgs(this.#transfer(transferId), this.now);
    this.record({ kind: 'transfer-sent', transferId, args });
  }

  /** One transfer through the machine's events, to an end. */
  #run(transferId: TransferId): void {
    const fate = this.fates.shift() ?? 'paid';
    const problem = 'as the test wants it';
    this.#send(transferId);
    const later = { transferId, problem, notBefore: this.now };
    if (fate === 'failed') {
      this.record({ kind: 'transfer-failed', transferId, reason: problem });
      return;
    }
    if (fate === 'retried') {
      this.record({ kind: 'transfer-retry', ...later, isUnknown: true });
      this.record({ kind: 'transfer-resent', transferId });
    }
    if (fate === 'found') this.record({ kind: 'transfer-reconciling', ...later });
    if (fate === 'parked') this.record({ kind: 'transfer-parked', transferId, reason: problem });
    if (fate === 'fee-rises' && !this.#replan(transferId)) return;
    const how = fate === 'found' || fate === 'parked' ? 'found' : 'reply';
    this.#move(this.#transfer(transferId));
    this.#block += 1n;
    const block = this.#block;
    this.record({ kind: 'transfer-paid', transferId, block, how, usdE8: undefined });
  }

  /** The ledger takes half as much again as it did. False if nothing would arrive then. */
  #replan(transferId: TransferId): boolean {
    const { purpose } = this.#transfer(transferId);
    if (purpose.kind !== 'payout') return true;
    const fee = units((this.fee * 3n) / 2n + 1n);
    this.record({ kind: 'ledger-fee-observed', ledger: who.ledger, fee });
    const plan = planPayout({ escrow: this.escrow, party: purpose.party, fee });
    if (plan === undefined) {
      this.record({ kind: 'transfer-failed', transferId, reason: 'nothing would arrive' });
      return false;
    }
    const scanFrom = this.#block;
    const problem = 'the fee rose';
    const notBefore = this.now;
    this.record({ kind: 'transfer-replanned', transferId, ...plan, scanFrom, problem, notBefore });
    this.#send(transferId);
    return true;
  }

  /** The ledger's side of it, with no knowledge of the books. */
  #move({ purpose, amount, fee }: Transfer): void {
    if (purpose.kind === 'deposit') {
      this.ledger.payer -= amount + fee;
      this.ledger.escrow += amount;
    } else if (purpose.kind === 'payout') {
      this.ledger.escrow -= amount + fee;
      this.ledger[purpose.party satisfies Party] += amount;
    } else {
      this.ledger.platform -= amount + fee;
    }
    this.ledger.burnt += fee;
    invariant(this.ledger.escrow >= 0n && this.ledger.platform >= 0n, 'the ledger has enough');
  }
}
