import { invariant } from '@decent-cloud/domain/assert.ts';
import type {
  Fact,
  RentalTerms,
} from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { KnownEscrow } from './knowledge.ts';

/**
 * What one escrow owes to whom, computed from the published rules (docs: money, fees) and from what
 * the simulation knows. Written apart from the treasury on purpose: it shares no code with it.
 */
export const PARTIES = ['payer', 'provider', 'author', 'platform'] as const;
export type PartyName = (typeof PARTIES)[number];
export type Amounts = Record<PartyName, bigint>;

const HOUR_NS = 3_600_000_000_000n;
const HOLD_BACK_NS = 48n * HOUR_NS;
export const DISPUTE_NS = 14n * 24n * HOUR_NS;
/** After the term, for facts about its end. */
export const FACTS_GRACE_NS = 6n * HOUR_NS;
const BPS = 10_000n;
const PPM = 1_000_000n;
const LEAST_FEES = 20n;

/** As on the wire. */
type EndCause = string;

/** How far a rental has come. */
export interface Course {
  fundedAtNs: bigint | undefined;
  startedAtNs: bigint | undefined;
  endAtNs: bigint | undefined;
  cause: EndCause | undefined;
  outageNs: bigint;
  pausedNs: bigint;
  pausedSinceNs: bigint | undefined;
  /** Too much of the time was not measured. */
  isUnproven: boolean;
  /** End of the last interval that was reported. */
  lastToNs: bigint;
}

export class EscrowModel {
  readonly terms: RentalTerms;
  readonly amount: bigint;
  readonly known: KnownEscrow;
  readonly credited: Amounts = { payer: 0n, provider: 0n, author: 0n, platform: 0n };
  /** What left the escrow for each party, and the ledger fees that it bore itself. */
  readonly paid: Amounts = { payer: 0n, provider: 0n, author: 0n, platform: 0n };
  readonly fees: Amounts = { payer: 0n, provider: 0n, author: 0n, platform: 0n };
  deposited = 0n;
  readonly course: Course = {
    ...{ fundedAtNs: undefined, startedAtNs: undefined, endAtNs: undefined, cause: undefined },
    ...{ outageNs: 0n, pausedNs: 0n, pausedSinceNs: undefined, lastToNs: 0n },
    isUnproven: false,
  };

  constructor(known: KnownEscrow) {
    this.known = known;
    this.terms = known.quote.terms;
    this.amount = known.quote.amount;
  }

  get termEndNs(): bigint {
    return (this.course.startedAtNs ?? 0n) + this.terms.term_ns;
  }

  open(party: PartyName): bigint {
    return this.credited[party] - this.paid[party] - this.fees[party];
  }

  get earned(): bigint {
    return this.credited.provider + this.credited.author + this.credited.platform;
  }

  get undecided(): bigint {
    return this.deposited - this.earned - this.credited.payer;
  }

  /** Should be in the escrow's account, gifts apart. */
  get balance(): bigint {
    return PARTIES.reduce((sum, one) => sum - this.paid[one] - this.fees[one], this.deposited);
  }

  /** Takes a fact in; says why it should have been refused. */
  fact(fact: Fact['fact'], nowNs: bigint): string | undefined {
    const { course } = this;
    if ('Started' in fact) {
      const { at_ns: at } = fact.Started;
      const funded = course.fundedAtNs ?? at + 1n;
      const isInTime = at >= funded && at <= funded + this.terms.provision_within_ns && at <= nowNs;
      course.startedAtNs = at;
      course.lastToNs = at;
      return isInTime ? undefined : 'it did not start then';
    }
    if ('Paused' in fact) {
      const at = fact.Paused.at_ns;
      const isSound = course.pausedSinceNs === undefined && this.#isNext(at, nowNs);
      course.pausedSinceNs = at;
      return isSound && at < this.termEndNs ? undefined : 'it was not paused then';
    }
    if ('Resumed' in fact) {
      const at = fact.Resumed.at_ns;
      const since = course.pausedSinceNs;
      const until = min(at, this.termEndNs);
      course.pausedNs += until - (since ?? until);
      course.pausedSinceNs = undefined;
      course.lastToNs = until;
      return since !== undefined && at >= since && at <= nowNs
        ? undefined
        : 'it was not resumed then';
    }
    if ('Outage' in fact) {
      const { from_ns: from, to_ns: to } = fact.Outage;
      const isSound =
        this.#isNext(from, nowNs) && to > from && to <= nowNs && from < this.termEndNs;
      const isOutsidePause = course.pausedSinceNs === undefined || to <= course.pausedSinceNs;
      const until = min(to, this.termEndNs);
      course.outageNs += until - from;
      course.lastToNs = until;
      return isSound && isOutsidePause ? undefined : 'there was no outage then';
    }
    if ('Unproven' in fact) {
      const { unknown_ppm: ppm } = fact.Unproven;
      course.isUnproven = true;
      return ppm > 0 && ppm <= Number(PPM) ? undefined : 'that is no part of the time';
    }
    return 'an end is no such fact';
  }

  #isNext(at: bigint, nowNs: bigint): boolean {
    return at >= this.course.lastToNs && at <= nowNs;
  }

  /** The rental is over. What did not vest goes back, unless a dispute holds everything. */
  end(endAtNs: bigint, cause: EndCause, isHeld: boolean): Amounts {
    const { course } = this;
    if (course.pausedSinceNs !== undefined) {
      course.pausedNs += max(0n, endAtNs - course.pausedSinceNs);
      course.pausedSinceNs = undefined;
    }
    course.endAtNs = endAtNs;
    course.cause = cause;
    if (isHeld) return none();
    if (course.startedAtNs === undefined) return { ...none(), payer: this.undecided };
    return { ...none(), payer: this.deposited - this.grossAt(endAtNs, cause) };
  }

  /** Vested until then, the notice of a cancelling renter included, nothing taken back. */
  grossAt(atNs: bigint, cause: EndCause): bigint {
    const counted = this.#billable(atNs);
    const isShort = cause === 'RenterCancelled' && counted < this.terms.notice_ns;
    return max(this.#earnedFor(isShort ? this.terms.notice_ns : counted), this.earned);
  }

  #billable(atNs: bigint): bigint {
    const { startedAtNs = 0n, outageNs, pausedNs, pausedSinceNs } = this.course;
    const until = min(atNs, this.termEndNs);
    const openPause = pausedSinceNs === undefined ? 0n : max(0n, until - pausedSinceNs);
    return max(0n, until - startedAtNs - outageNs - pausedNs - openPause);
  }

  #earnedFor(billableNs: bigint): bigint {
    return (this.amount * min(billableNs, this.terms.term_ns)) / this.terms.term_ns;
  }

  /** The daily release: what vested two days ago, without what may have to go back. */
  released(atNs: bigint): Amounts {
    const rates = this.terms.sla_credits.map((row) => row.credit_bps);
    const heldBps = BigInt(Math.max(this.terms.provider_penalty_bps, ...rates));
    const seen = atNs - HOLD_BACK_NS;
    const vested =
      seen <= (this.course.startedAtNs ?? seen) ? 0n : this.#earnedFor(this.#billable(seen));
    const more = (vested * (BPS - heldBps)) / BPS - this.earned;
    const { ledger_fee: fee, min_payout: least } = this.known.quote;
    const isWorthIt = more >= max(LEAST_FEES * fee, least);
    return this.#shares(this.earned + (isWorthIt ? more : 0n));
  }

  /** How long the hold-back waits after the end. */
  get finalAfterNs(): bigint {
    return this.course.isUnproven ? DISPUTE_NS : HOLD_BACK_NS;
  }

  /** The last hold-back: all that vested, less credit for downtime or the provider's penalty. */
  finalised(): Amounts {
    const gross = this.earned + this.undecided;
    return this.#divide((gross * (BPS - this.giveBackBps())) / BPS);
  }

  giveBackBps(): bigint {
    const { startedAtNs = 0n, endAtNs = 0n, outageNs, pausedNs, cause } = this.course;
    const due = endAtNs - startedAtNs - pausedNs;
    const isBelow = (ppm: number) => due > 0n && (due - outageNs) * PPM < BigInt(ppm) * due;
    const rows = this.terms.sla_credits.filter((row) => isBelow(row.below_ppm));
    const sla = BigInt(rows.at(-1)?.credit_bps ?? 0);
    const penalty = BigInt(this.terms.provider_penalty_bps);
    return cause === 'ProviderCancelled' ? max(sla, penalty) : sla;
  }

  /** A dispute is decided: so much of what is undecided to the payer. */
  decided(payerPart: bigint): Amounts {
    return this.#divide(this.earned + this.undecided - payerPart);
  }

  /** Nobody decided in time: what was reported decides. */
  decidedByDefault(deadlineNs: bigint): { readonly endAtNs: bigint; readonly credits: Amounts } {
    const { startedAtNs, endAtNs, cause } = this.course;
    const stop = endAtNs ?? deadlineNs;
    if (startedAtNs === undefined) return { endAtNs: stop, credits: this.#divide(this.earned) };
    const until = min(stop, this.termEndNs);
    const why = cause ?? 'TermEnded';
    const gross = min(this.grossAt(until, why), this.earned + this.undecided);
    if (endAtNs === undefined) this.end(until, why, true);
    const net = (gross * (BPS - this.giveBackBps())) / BPS;
    return { endAtNs: until, credits: this.#divide(net) };
  }

  #divide(total: bigint): Amounts {
    const earners = max(total, this.earned);
    const payer = this.undecided - (earners - this.earned);
    return { ...this.#shares(earners), payer };
  }

  /** What each earner still gets so that all of it is the split of `total`; the payer nothing. */
  #shares(total: bigint): Amounts {
    const author = (total * BigInt(this.terms.split.author_bps)) / BPS;
    const platform = (total * BigInt(this.terms.split.platform_bps)) / BPS;
    const provider = total - author - platform - this.credited.provider;
    // A unit that rounding would take back from the provider is one that the platform waits for.
    const lent = provider === -1n ? 1n : 0n;
    return {
      payer: 0n,
      provider: provider + lent,
      author: author - this.credited.author,
      platform: platform - this.credited.platform - lent,
    };
  }

  credit(amounts: Amounts): void {
    for (const party of PARTIES) {
      invariant(amounts[party] >= 0n, `the model takes a credit back from ${party}`);
      this.credited[party] += amounts[party];
    }
  }

  /** What a payout of all that a party has open moves at a fee, and what the party bears of it. */
  payout(party: PartyName, fee: bigint): { readonly amount: bigint; readonly ownFee: bigint } {
    const ownFee = party === 'platform' ? fee : max(0n, fee - this.open('platform'));
    return { amount: this.open(party) - ownFee, ownFee };
  }
}

function none(): Amounts {
  return { payer: 0n, provider: 0n, author: 0n, platform: 0n };
}

export function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
