import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowEvent } from '../events.ts';
import type { Quote } from '../quotes/quote.ts';
import type { Escrow, Phase } from './escrow.ts';
import type { Fact } from './fact.ts';
import { endCredits } from './settlement.ts';
import { earlier, termEndOf } from './vesting.ts';

const MAX_PPM = 1_000_000;

/** Why a fact is not taken. Nothing changed, and its number is still free. */
export type FactRefusal =
  | { readonly kind: 'out-of-order'; readonly expected: number }
  /** The deposit is not confirmed (yet). */
  | { readonly kind: 'not-funded' }
  /** The paid time is over; no fact can change it any more. */
  | { readonly kind: 'already-ended' }
  | { readonly kind: 'invalid-fact'; readonly rule: string };

export type FactOutcome =
  | { readonly kind: 'apply'; readonly event: EscrowEvent }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly refusal: FactRefusal };

interface Reported<F extends Fact = Fact> {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly seq: number;
  readonly fact: F;
  readonly now: TimestampNs;
}

type Of<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>;
type Running = Extract<Phase, { kind: 'running' }>;
type Funded = Extract<Phase, { kind: 'funded' }>;

/**
 * Decides about a fact. The same number again is a duplicate without effect, whatever it says; a gap
 * is refused. An accepted fact is cut at the end of the term: what is after it changes nothing.
 */
export function checkFact(reported: Reported): FactOutcome {
  const { escrow, seq } = reported;
  if (!Number.isSafeInteger(seq) || seq < 1) return invalid('facts are numbered from 1');
  if (seq <= escrow.factSeq) return { kind: 'duplicate' };
  const { phase } = escrow;
  switch (phase.kind) {
    case 'quoted':
    case 'lapsed':
    case 'depositing':
      return refused({ kind: 'not-funded' });
    case 'ended':
    case 'closed':
      return refused({ kind: 'already-ended' });
    case 'funded':
    case 'running':
      break;
  }
  const expected = escrow.factSeq + 1;
  if (seq !== expected) return refused({ kind: 'out-of-order', expected });
  const latest = spanOf(reported.fact)?.to;
  if (latest !== undefined && latest > reported.now) return invalid('a fact is not in the future');
  const { dispute } = escrow;
  if (latest !== undefined && dispute !== undefined && latest > dispute.deadlineAt) {
    return invalid('the dispute was over');
  }
  return phase.kind === 'funded' ? checkFunded(reported, phase) : checkRunning(reported, phase);
}

function checkFunded(reported: Reported, phase: Funded): FactOutcome {
  const { fact, quote } = reported;
  if (fact.kind !== 'started' && fact.kind !== 'ended') return invalid('it has not started');
  if (fact.at < phase.at) return invalid('it was not paid then');
  if (fact.kind === 'started') {
    const deadlineAt = after(phase.at, quote.terms.provisionWithinNs);
    return fact.at > deadlineAt ? invalid('the time to start was over') : plain(reported, fact);
  }
  if (fact.cause === 'term-ended') return invalid('a term that did not start does not end');
  return ended(reported, { endAt: fact.at, cause: fact.cause });
}

function checkRunning(reported: Reported, phase: Running): FactOutcome {
  const { fact, quote, escrow } = reported;
  const termEnd = termEndOf({ quote, startedAt: phase.startedAt });
  if (fact.kind === 'started') return invalid('it started already');
  const earliest = spanOf(fact)?.from;
  if (earliest !== undefined && earliest < escrow.exclusions.lastTo) {
    return invalid('it is before the end of what was reported');
  }
  switch (fact.kind) {
    case 'paused':
      if (escrow.exclusions.pausedSince !== undefined) return invalid('it is paused already');
      return fact.at >= termEnd ? invalid('the term was over') : plain(reported, fact);
    case 'resumed':
      return checkResumed({ ...reported, fact }, termEnd);
    case 'outage':
      return checkOutage({ ...reported, fact }, termEnd);
    case 'unproven':
      return isPpm(fact.unknownPpm) ? plain(reported, fact) : invalid('it is a part of a million');
    case 'ended':
      return checkEnded({ ...reported, fact }, termEnd);
  }
}

function checkResumed(reported: Reported<Of<'resumed'>>, termEnd: TimestampNs): FactOutcome {
  const { fact, escrow } = reported;
  const { pausedSince } = escrow.exclusions;
  if (pausedSince === undefined) return invalid('it is not paused');
  if (fact.at < pausedSince) return invalid('it is before the pause');
  return plain(reported, { kind: 'resumed', at: earlier(fact.at, termEnd) });
}

function checkOutage(reported: Reported<Of<'outage'>>, termEnd: TimestampNs): FactOutcome {
  const { fact, escrow } = reported;
  const { pausedSince } = escrow.exclusions;
  if (fact.from >= fact.to) return invalid('an outage ends after it begins');
  if (fact.from >= termEnd) return invalid('the term was over');
  if (pausedSince !== undefined && fact.to > pausedSince) return invalid('it overlaps the pause');
  return plain(reported, { ...fact, to: earlier(fact.to, termEnd) });
}

function checkEnded(reported: Reported<Of<'ended'>>, termEnd: TimestampNs): FactOutcome {
  const { fact, escrow } = reported;
  const { pausedSince } = escrow.exclusions;
  if (fact.cause === 'not-provisioned') return invalid('it started');
  if (pausedSince !== undefined && fact.at < pausedSince) return invalid('it is before the pause');
  const isOver = fact.at >= termEnd;
  if (fact.cause === 'term-ended' && !isOver) return invalid('the term is not over then');
  return ended(reported, {
    endAt: isOver ? termEnd : fact.at,
    cause: isOver ? 'term-ended' : fact.cause,
  });
}

function ended(
  reported: Reported,
  end: { readonly endAt: TimestampNs; readonly cause: Of<'ended'>['cause'] },
): FactOutcome {
  const { escrow, seq } = reported;
  const credits = endCredits(reported, end);
  return { kind: 'apply', event: { kind: 'ended', escrowId: escrow.id, seq, ...end, credits } };
}

function plain(reported: Reported, fact: Exclude<Fact, { kind: 'ended' }>): FactOutcome {
  const { escrow, seq } = reported;
  return { kind: 'apply', event: { kind: 'fact-reported', escrowId: escrow.id, seq, fact } };
}

/** When that was; nothing for what is about the period as a whole. */
function spanOf(fact: Fact): { readonly from: TimestampNs; readonly to: TimestampNs } | undefined {
  switch (fact.kind) {
    case 'outage':
      return fact;
    case 'unproven':
      return undefined;
    default:
      return { from: fact.at, to: fact.at };
  }
}

function isPpm(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= MAX_PPM;
}

function invalid(rule: string): FactOutcome {
  return refused({ kind: 'invalid-fact', rule });
}

function refused(refusal: FactRefusal): FactOutcome {
  return { kind: 'refused', refusal };
}
