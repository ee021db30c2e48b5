import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';
import type { Fact } from '../rentals/rental-event.ts';

/** A fact with the number that it has with us. */
export interface LineFact {
  readonly seq: number;
  readonly fact: Fact;
}

/**
 * What the treasury has not acknowledged about one escrow yet, in order.
 *
 * 1. A fact leaves the line only when the treasury took it in, or refused it for good.
 * 2. The treasury counts what it took in, so after a refused fact its numbers are smaller than ours:
 *    `nextSeq` is the number under which the first of the line goes out. A refused fact never holds
 *    up the end of a rental, on which the renter's refund waits.
 * 3. While the outcome of a call is unknown the first fact keeps its number, so that it is taken in
 *    once.
 */
export interface FactLine {
  readonly escrowId: EscrowId;
  readonly rentalId: RentalId;
  readonly facts: readonly LineFact[];
  readonly nextSeq: number;
  /** In a row, without the treasury taking any fact in. */
  readonly attempts: number;
  readonly dueAt: TimestampNs;
}

/** What the treasury says about one fact. */
export type FactVerdict =
  | { readonly kind: 'taken' }
  /** It counts otherwise. */
  | { readonly kind: 'renumber'; readonly expected: number }
  /** Not now; nothing changed. */
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly reason: string };

/** A fact without effect, for the operator: the money went as if it had not been. */
export interface RefusedFact extends LineFact {
  readonly escrowId: EscrowId;
  readonly rentalId: RentalId;
  readonly reason: string;
  readonly at: TimestampNs;
}

export interface LineStep {
  /** Undefined if nothing is left to be sent. */
  readonly line: FactLine | undefined;
  readonly refused: RefusedFact | undefined;
}

const FIRST_WAIT_NS = durationNs({ seconds: 10 });
const LONGEST_WAIT_NS = durationNs({ minutes: 10 });
/** Another subnet's clock may be behind: what is refused as not true yet is tried again so long. */
const CLOCKS_DIFFER_NS = durationNs({ minutes: 2 });
const MAX_REASON_LENGTH = 300;

/** The line with one more fact. A number that stands in it already changes nothing. */
export function withFact(
  line: FactLine | undefined,
  added: LineFact & Pick<FactLine, 'escrowId' | 'rentalId'> & { readonly at: TimestampNs },
): FactLine {
  const { escrowId, rentalId, seq, fact, at } = added;
  if (line === undefined) {
    return { escrowId, rentalId, facts: [{ seq, fact }], nextSeq: seq, attempts: 0, dueAt: at };
  }
  const last = line.facts.at(-1);
  if (last !== undefined && seq <= last.seq) return line;
  return { ...line, facts: [...line.facts, { seq, fact }] };
}

/**
 * The line after verdicts about its first facts, in order. Facts after one that was not taken in are
 * sent again whatever was said about them: their numbers were wrong.
 */
export function afterVerdicts(
  line: FactLine,
  verdicts: readonly FactVerdict[],
  now: TimestampNs,
): LineStep {
  let rest = line;
  for (const verdict of verdicts) {
    const [first, ...others] = rest.facts;
    if (first === undefined) break;
    switch (verdict.kind) {
      case 'taken':
        rest = { ...rest, facts: others, nextSeq: rest.nextSeq + 1, attempts: 0, dueAt: now };
        break;
      case 'refused':
        if (isPerhapsEarly(first.fact, now)) return { line: later(rest, now), refused: undefined };
        return {
          line: settled({ ...rest, facts: others, attempts: 0, dueAt: now }),
          refused: refusedOf({ line: rest, first, reason: verdict.reason, at: now }),
        };
      case 'renumber':
        return { line: later({ ...rest, nextSeq: verdict.expected }, now), refused: undefined };
      case 'later':
        return { line: later(rest, now), refused: undefined };
    }
  }
  return { line: settled(rest), refused: undefined };
}

function settled(line: FactLine): FactLine | undefined {
  return line.facts.length === 0 ? undefined : line;
}

function later(line: FactLine, now: TimestampNs): FactLine {
  const attempts = line.attempts + 1;
  return { ...line, attempts, dueAt: after(now, waitAfter(attempts)) };
}

function waitAfter(attempts: number): DurationNs {
  let waitNs = FIRST_WAIT_NS as bigint;
  for (let attempt = 1; attempt < attempts && waitNs < LONGEST_WAIT_NS; attempt += 1) waitNs *= 2n;
  return (waitNs < LONGEST_WAIT_NS ? waitNs : LONGEST_WAIT_NS) as DurationNs;
}

function isPerhapsEarly(fact: Fact, now: TimestampNs): boolean {
  const happenedAt = happenedAtOf(fact);
  return happenedAt !== undefined && after(happenedAt, CLOCKS_DIFFER_NS) > now;
}

function happenedAtOf(fact: Fact): TimestampNs | undefined {
  if (fact.kind === 'unproven') return undefined;
  return fact.kind === 'outage' ? fact.to : fact.at;
}

function refusedOf(refusal: {
  readonly line: FactLine;
  readonly first: LineFact;
  readonly reason: string;
  readonly at: TimestampNs;
}): RefusedFact {
  const { line, first, at } = refusal;
  const reason = refusal.reason.slice(0, MAX_REASON_LENGTH);
  return { ...first, escrowId: line.escrowId, rentalId: line.rentalId, reason, at };
}
