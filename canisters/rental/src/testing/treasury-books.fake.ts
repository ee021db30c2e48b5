import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { divCeil } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../core/ids.ts';
import type { Fact } from '../core/rentals/rental-event.ts';
import type { EscrowBrief, EscrowEndCause, EscrowPhase } from '../core/treasury/escrow-brief.ts';
import type { DepositOrder, DepositReceipt, QuoteTerms } from '../core/treasury/quote-terms.ts';
import type { TreasuryRefusal, TreasuryRequestLeaf } from '../flows/treasury/treasury-answer.ts';
import type { FactReceipt, NumberedFact, TreasuryQuote } from '../flows/treasury/treasury-wire.ts';

/** A token with six decimals at one dollar: a dollar is 1,000,000 units. */
const UNITS_PER_USD = 1_000_000n;
const USD_E8 = 100_000_000n;
const LEDGER_FEE = 10n as TokenUnits;
const QUOTE_LIFE_NS = durationNs({ minutes: 10 });
/** After the term, for facts about its last hours. */
const FACTS_GRACE_NS = durationNs({ hours: 6 });

/** What the books hold about one quote and the escrow that it becomes. */
export interface FakeEscrow {
  readonly id: EscrowId;
  readonly terms: QuoteTerms;
  readonly quote: TreasuryQuote;
  phase: EscrowPhase;
  deposited: TokenUnits;
  block: bigint | undefined;
  /** Taken in, in order; the number of each is its place, from 1. */
  readonly facts: Fact[];
  refundCredited: bigint;
  refundPaid: bigint;
  isDisputed: boolean;
}

/**
 * The treasury's books on the heap: phases, numbers of facts and deadlines as the real one has them,
 * without ledgers, splits and hold-backs. Refunds are credited at the end and paid by `settle`.
 */
export class TreasuryBooks {
  readonly #now: () => TimestampNs;
  readonly #firstId: number;
  readonly #escrows: FakeEscrow[] = [];
  readonly #ofRental = new Map<RentalId, EscrowId[]>();
  #nextBlock = 1_000n;
  /** What the ledger does with a deposit. */
  ledger: 'pays' | 'is-silent' = 'pays';

  /** The first escrow gets `firstId`. */
  constructor(now: () => TimestampNs, firstId = 0) {
    this.#now = now;
    this.#firstId = firstId;
  }

  /** As of now: what the clock has done to it is done. */
  escrow(id: EscrowId): FakeEscrow {
    return present(this.#find(id), `the treasury has no escrow ${id}`);
  }

  /** All paid and unpaid periods of all rentals, oldest first. */
  escrows(): readonly FakeEscrow[] {
    return this.#escrows.map(({ id }) => this.escrow(id));
  }

  quote(terms: QuoteTerms): Result<TreasuryQuote, TreasuryRefusal> {
    const periods = this.#ofRental.get(terms.rentalId) ?? [];
    for (const id of periods) {
      const { phase } = this.escrow(id);
      if (phase.kind === 'depositing') return pending(phase.transferId);
      if (phase.kind === 'quoted') this.escrow(id).phase = { kind: 'lapsed', at: this.#now() };
    }
    const id = (this.#firstId + this.#escrows.length) as EscrowId;
    this.#ofRental.set(terms.rentalId, [...periods, id]);
    const now = this.#now();
    const quote = {
      id,
      amount: unitsFor(terms.totalUsdE8),
      ledgerFee: LEDGER_FEE,
      tokenPriceUsdE8: USD_E8 as UsdE8,
      priceAt: now,
      expiresAt: after(now, QUOTE_LIFE_NS),
    };
    const nothing = { deposited: 0n as TokenUnits, block: undefined, isDisputed: false };
    const refund = { refundCredited: 0n, refundPaid: 0n };
    const phase = { kind: 'quoted' } as const;
    this.#escrows.push({ id, terms, quote, phase, facts: [], ...nothing, ...refund });
    return ok(quote);
  }

  deposit({ escrowId, maxAmount }: DepositOrder): Result<DepositReceipt, TreasuryRefusal> {
    const escrow = this.#find(escrowId);
    if (escrow === undefined) return refused({ kind: 'not-found' });
    const { phase, quote } = escrow;
    if (phase.kind === 'depositing') return pending(phase.transferId);
    if (phase.kind === 'lapsed') {
      const { expiresAt: expiredAt } = quote;
      const isExpired = phase.at >= expiredAt;
      return refused(
        isExpired ? { kind: 'quote-expired', expiredAt } : { kind: 'quote-superseded' },
      );
    }
    if (phase.kind !== 'quoted') return refused({ kind: 'quote-used' });
    if (quote.amount > maxAmount)
      return refused({ kind: 'amount-above-max', amount: quote.amount });
    escrow.phase = { kind: 'depositing', transferId: escrowId };
    if (this.ledger === 'is-silent') return pending(escrowId);
    this.confirmDeposit(escrowId);
    return ok({ escrowId, amount: quote.amount, block: escrow.block });
  }

  /** The ledger took the deposit after all, or somebody paid the treasury directly. */
  confirmDeposit(id: EscrowId): void {
    const escrow = this.escrow(id);
    escrow.phase = { kind: 'funded', at: this.#now() };
    escrow.deposited = escrow.quote.amount;
    escrow.block = this.#nextBlock;
    this.#nextBlock += 1n;
  }

  /** The ledger surely moved nothing. */
  failDeposit(id: EscrowId): void {
    this.escrow(id).phase = { kind: 'quoted' };
  }

  fact({ escrowId, seq, fact }: NumberedFact): Result<FactReceipt, TreasuryRefusal> {
    const escrow = this.#find(escrowId);
    if (escrow === undefined) return refused({ kind: 'not-found' });
    if (seq <= escrow.facts.length) return ok({ isDuplicate: true });
    const { phase } = escrow;
    if (phase.kind !== 'funded' && phase.kind !== 'running') {
      return refused({ kind: 'wrong-phase', phase: phase.kind });
    }
    const expected = escrow.facts.length + 1;
    if (seq !== expected) return refused({ kind: 'out-of-order', expected });
    const rule = this.#brokenRule(escrow, fact);
    if (rule !== undefined) return refused({ kind: 'invalid-fact', rule });
    escrow.facts.push(fact);
    if (fact.kind === 'started') escrow.phase = { kind: 'running', startedAt: fact.at };
    if (fact.kind === 'ended') this.end(escrowId, { at: fact.at, cause: fact.cause });
    return ok({ isDuplicate: false });
  }

  /** The paid time is over, by a fact, by the treasury's own clock or by a decided dispute. */
  end(id: EscrowId, end: { readonly at: TimestampNs; readonly cause: EscrowEndCause }): void {
    this.#end(this.escrow(id), end);
  }

  /** Everything is decided and paid. */
  settle(id: EscrowId): void {
    const escrow = this.escrow(id);
    const { phase } = escrow;
    if (phase.kind !== 'ended') throw new Error(`escrow ${id} is ${phase.kind}, not ended`);
    escrow.refundPaid = escrow.refundCredited;
    escrow.phase = { kind: 'closed', at: this.#now(), cause: phase.cause };
  }

  brief(id: EscrowId): EscrowBrief | undefined {
    const escrow = this.#find(id);
    if (escrow === undefined) return undefined;
    const { phase, quote, deposited, block, refundCredited, refundPaid, isDisputed } = escrow;
    return {
      escrowId: id,
      phase,
      amount: quote.amount,
      deposited,
      depositBlock: block,
      termEndsAt: phase.kind === 'running' ? termEndOf(escrow, phase.startedAt) : undefined,
      payer: {
        credited: refundCredited as TokenUnits,
        paid: refundPaid as TokenUnits,
        fees: 0n as TokenUnits,
        open: (refundCredited - refundPaid) as TokenUnits,
      },
      factSeq: escrow.facts.length,
      isDisputed,
      dueAt: dueAtOf(escrow),
    };
  }

  #find(id: EscrowId): FakeEscrow | undefined {
    const escrow = this.#escrows[id - this.#firstId];
    if (escrow !== undefined) this.#passTime(escrow);
    return escrow;
  }

  /** What the real one does by itself. */
  #passTime(escrow: FakeEscrow): void {
    const { phase } = escrow;
    const dueAt = dueAtOf(escrow);
    if (dueAt === undefined || dueAt > this.#now()) return;
    if (phase.kind === 'quoted') escrow.phase = { kind: 'lapsed', at: dueAt };
    if (phase.kind === 'funded') this.#end(escrow, { at: dueAt, cause: 'not-provisioned' });
    if (phase.kind !== 'running') return;
    this.#end(escrow, { at: termEndOf(escrow, phase.startedAt), cause: 'term-ended' });
  }

  #brokenRule({ phase, terms }: FakeEscrow, fact: Fact): string | undefined {
    if (fact.kind === 'unproven') return phase.kind === 'funded' ? 'it has not started' : undefined;
    const latest = fact.kind === 'outage' ? fact.to : fact.at;
    if (latest > this.#now()) return 'a fact is not in the future';
    if (phase.kind === 'running') {
      return fact.kind === 'started' ? 'it started already' : undefined;
    }
    if (fact.kind !== 'started' && fact.kind !== 'ended') return 'it has not started';
    if (phase.kind !== 'funded' || fact.at < phase.at) return 'it was not paid then';
    const isLate = fact.at > after(phase.at, terms.provisionWithinNs);
    return fact.kind === 'started' && isLate ? 'the time to start was over' : undefined;
  }

  #end(
    escrow: FakeEscrow,
    end: { readonly at: TimestampNs; readonly cause: EscrowEndCause },
  ): void {
    const startedAt = escrow.phase.kind === 'running' ? escrow.phase.startedAt : undefined;
    const vested = startedAt === undefined ? 0n : vestedOf(escrow, { startedAt, endAt: end.at });
    escrow.refundCredited = escrow.deposited - vested;
    const isFinal = startedAt === undefined;
    escrow.phase = { kind: 'ended', startedAt, endAt: end.at, cause: end.cause, isFinal };
    escrow.isDisputed = false;
  }
}

function dueAtOf(escrow: FakeEscrow): TimestampNs | undefined {
  const { phase, quote, terms } = escrow;
  switch (phase.kind) {
    case 'quoted':
      return quote.expiresAt;
    case 'funded':
      return after(phase.at, terms.provisionWithinNs);
    case 'running':
      return after(termEndOf(escrow, phase.startedAt), FACTS_GRACE_NS);
    case 'ended':
      return phase.isFinal ? undefined : after(phase.endAt, durationNs({ hours: 48 }));
    case 'lapsed':
    case 'depositing':
    case 'closed':
      return undefined;
  }
}

function termEndOf({ terms }: FakeEscrow, startedAt: TimestampNs): TimestampNs {
  return after(startedAt, terms.termNs);
}

/** By the time that passed, outages not counted. */
function vestedOf(
  { facts, terms, deposited }: FakeEscrow,
  span: { readonly startedAt: TimestampNs; readonly endAt: TimestampNs },
): bigint {
  let counted = elapsed(span.startedAt, span.endAt) as bigint;
  for (const fact of facts) if (fact.kind === 'outage') counted -= elapsed(fact.from, fact.to);
  return (deposited * (counted < terms.termNs ? counted : terms.termNs)) / terms.termNs;
}

function unitsFor(totalUsdE8: UsdE8): TokenUnits {
  return divCeil({ dividend: totalUsdE8 * UNITS_PER_USD, divisor: USD_E8 }) as TokenUnits;
}

/** A refusal of the treasury, as it would be answered. */
function refused(
  leaf: TreasuryRequestLeaf,
  message = `the fake treasury refuses: ${leaf.kind}`,
): Result<never, TreasuryRefusal> {
  return err({ kind: 'request', leaf, message });
}

function pending(transferId: number): Result<never, TreasuryRefusal> {
  const leaf = { kind: 'payment-pending', transferId } as const;
  return err({ kind: 'temporary', leaf, message: 'the outcome is not known yet' });
}
