import { InvariantError, present } from '@decent-cloud/domain/assert.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Credits, EscrowEvent } from '../events.ts';
import type { Quote } from '../quotes/quote.ts';
import type { Escrow, Exclusions, PartyBook, Phase } from './escrow.ts';
import type { Fact } from './fact.ts';
import { AUDIT_EVERY_NS } from './limits.ts';
import { addCredits, openOf, PARTIES, sumOf, undecidedOf } from './party-book.ts';
import { nextReleaseAt } from './release.ts';
import { closePause, startOf } from './settlement.ts';

interface Change<Event = EscrowEvent> {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly event: Event;
  readonly at: TimestampNs;
}

type Of<Kind extends EscrowEvent['kind']> = Change<Extract<EscrowEvent, { kind: Kind }>>;

/** The escrow after the event. Throws if the event cannot follow: nothing is credited twice. */
export function nextEscrow(change: Change): Escrow {
  const { escrow, event } = change;
  switch (event.kind) {
    case 'fact-reported':
      return factReported({ ...change, event });
    case 'ended':
      return ended({ ...change, event });
    case 'released':
      return released({ ...change, event });
    case 'finalised': {
      const phase = phaseIn(change, 'ended');
      holds(change, !phase.isFinal && escrow.dispute === undefined);
      return decideAll({ ...change, event }, phase);
    }
    case 'dust-kept':
      return dustKept({ ...change, event });
    case 'payouts-deferred':
      holds(change, event.until > change.at);
      return { ...escrow, payoutsNotBefore: event.until };
    case 'escrow-closed':
      return closed(change);
    case 'dispute-opened':
      return disputeOpened({ ...change, event });
    case 'dispute-agreed':
      return disputeAgreed({ ...change, event });
    case 'dispute-decided':
      return disputeDecided({ ...change, event });
    case 'escrow-audited':
      return audited({ ...change, event });
  }
}

function factReported(change: Of<'fact-reported'>): Escrow {
  const { quote, escrow, event, at } = change;
  holds(change, event.seq === escrow.factSeq + 1);
  const next = { ...withFact(change), factSeq: event.seq };
  const startedAt = present(startOf(next), 'a fact is about a rental that started');
  // A release that is due already is not put off by news.
  const isDue = escrow.nextReleaseAt !== undefined && escrow.nextReleaseAt <= at;
  if (isDue) return next;
  return { ...next, nextReleaseAt: nextReleaseAt({ quote, escrow: next, startedAt }, at) };
}

function withFact(change: Of<'fact-reported'>): Escrow {
  const { escrow, event } = change;
  const { fact } = event;
  if (fact.kind === 'started') {
    phaseIn(change, 'funded');
    const phase: Phase = { kind: 'running', startedAt: fact.at };
    return { ...escrow, phase, exclusions: { ...escrow.exclusions, lastTo: fact.at } };
  }
  phaseIn(change, 'running');
  if (fact.kind === 'unproven') return { ...escrow, unprovenPpm: fact.unknownPpm };
  return { ...escrow, exclusions: excluding(change, fact) };
}

function excluding(
  change: Of<'fact-reported'>,
  fact: Extract<Fact, { readonly kind: 'paused' | 'resumed' | 'outage' }>,
): Exclusions {
  const { exclusions } = change.escrow;
  const { pausedSince, lastTo } = exclusions;
  switch (fact.kind) {
    case 'paused':
      holds(change, pausedSince === undefined && fact.at >= lastTo);
      return { ...exclusions, pausedSince: fact.at };
    case 'resumed':
      holds(change, pausedSince !== undefined && fact.at >= pausedSince);
      return closePause(exclusions, fact.at);
    case 'outage': {
      holds(change, fact.from >= lastTo && fact.to >= fact.from);
      const outageNs = (exclusions.outageNs + fact.to - fact.from) as DurationNs;
      return { ...exclusions, outageNs, lastTo: fact.to };
    }
  }
}

function ended(change: Of<'ended'>): Escrow {
  const { escrow, event } = change;
  const { endAt, cause, seq } = event;
  holds(change, escrow.phase.kind === 'funded' || escrow.phase.kind === 'running');
  holds(change, seq === undefined || seq === escrow.factSeq + 1);
  const startedAt = startOf(escrow);
  holds(change, startedAt === undefined || endAt >= startedAt);
  holds(change, escrow.dispute === undefined || sumOf(event.credits) === 0n);
  const next: Escrow = {
    ...credited(change, event.credits),
    exclusions: closePause(escrow.exclusions, endAt),
    factSeq: seq ?? escrow.factSeq,
    nextReleaseAt: undefined,
  };
  const isFinal = undecidedOf(next) === 0n;
  return { ...next, phase: { kind: 'ended', startedAt, endAt, cause, isFinal } };
}

function released(change: Of<'released'>): Escrow {
  const { escrow, event, at } = change;
  phaseIn(change, 'running');
  holds(change, escrow.dispute === undefined);
  holds(change, event.nextReleaseAt === undefined || event.nextReleaseAt > at);
  return { ...credited(change, event.credits), nextReleaseAt: event.nextReleaseAt };
}

function dustKept(change: Of<'dust-kept'>): Escrow {
  const { escrow, event } = change;
  const { party, amount } = event;
  const isOver = phaseIn(change, 'ended').isFinal && escrow.liveTransfer === undefined;
  holds(change, isOver && party !== 'platform' && amount === openOf(escrow.books[party]));
  const giver = escrow.books[party];
  const { platform } = escrow.books;
  const books = { ...escrow.books, [party]: moreCredit(giver, 0n - amount) };
  return { ...escrow, books: { ...books, platform: moreCredit(platform, amount) } };
}

function closed(change: Change): Escrow {
  const { escrow, at } = change;
  const phase = phaseIn(change, 'ended');
  holds(change, phase.isFinal && escrow.liveTransfer === undefined);
  const isPaid = PARTIES.every((one) => one === 'platform' || openOf(escrow.books[one]) === 0n);
  holds(change, isPaid);
  return { ...escrow, phase: { kind: 'closed', at, cause: phase.cause } };
}

function disputeOpened(change: Of<'dispute-opened'>): Escrow {
  const { escrow, event, at } = change;
  const { by: openedBy, deadlineAt, frozen } = event;
  const { kind } = escrow.phase;
  holds(change, kind === 'funded' || kind === 'running' || kind === 'ended');
  holds(change, escrow.dispute === undefined && frozen === undecidedOf(escrow) && frozen > 0n);
  const agreed = { payerAgrees: undefined, providerAgrees: undefined };
  return { ...escrow, dispute: { openedAt: at, openedBy, deadlineAt, frozen, ...agreed } };
}

function disputeAgreed(change: Of<'dispute-agreed'>): Escrow {
  const { escrow, event } = change;
  const dispute = present(escrow.dispute, `escrow ${escrow.id} has no dispute`);
  holds(change, event.payerPart <= dispute.frozen);
  const agrees =
    event.by === 'payer' ? { payerAgrees: event.payerPart } : { providerAgrees: event.payerPart };
  return { ...escrow, dispute: { ...dispute, ...agrees } };
}

function disputeDecided(change: Of<'dispute-decided'>): Escrow {
  const { escrow, event } = change;
  const { dispute } = escrow;
  holds(change, dispute !== undefined && dispute.frozen === undecidedOf(escrow));
  const startedAt = startOf(escrow);
  const { endAt } = event;
  const phase = { kind: 'ended', startedAt, endAt, cause: 'dispute-decided' } as const;
  const next = decideAll(change, { ...phase, isFinal: true });
  const exclusions = closePause(escrow.exclusions, endAt);
  return { ...next, exclusions, dispute: undefined, nextReleaseAt: undefined };
}

function audited(change: Of<'escrow-audited'>): Escrow {
  const { escrow, event, at } = change;
  const { surplus } = event;
  holds(change, escrow.auditDueAt !== undefined);
  const again = after(at, AUDIT_EVERY_NS);
  if (surplus === undefined) return { ...escrow, auditDueAt: again };
  const auditDueAt = escrow.phase.kind === 'closed' ? undefined : again;
  return { ...escrow, surplus, auditedAt: at, auditDueAt };
}

/** Credits the last of the deposit. */
function decideAll(
  change: Change<{ readonly kind: EscrowEvent['kind']; readonly credits: Credits }>,
  ending: Extract<Phase, { kind: 'ended' }>,
): Escrow {
  holds(change, sumOf(change.event.credits) === undecidedOf(change.escrow));
  const next = credited(change, change.event.credits);
  return { ...next, phase: { ...ending, isFinal: true } };
}

/** News for payees: what waited for one of them is looked at again. */
function credited(change: Change<{ readonly kind: string }>, credits: Credits): Escrow {
  const { escrow } = change;
  holds(
    change,
    PARTIES.every((party) => credits[party] >= 0n),
  );
  holds(change, sumOf(credits) <= undecidedOf(escrow));
  const books = addCredits(escrow.books, credits);
  return { ...escrow, books, payoutsNotBefore: undefined };
}

function moreCredit(book: PartyBook, amount: bigint): PartyBook {
  return { ...book, credited: (book.credited + amount) as TokenUnits };
}

function phaseIn<Kind extends Phase['kind']>(
  change: Change<{ readonly kind: string }>,
  kind: Kind,
): Extract<Phase, { kind: Kind }> {
  const { phase } = change.escrow;
  if (phase.kind !== kind) throw cannot(change);
  return phase as Extract<Phase, { kind: Kind }>;
}

function holds(change: Change<{ readonly kind: string }>, condition: boolean): void {
  if (!condition) throw cannot(change);
}

function cannot(change: Change<{ readonly kind: string }>): InvariantError {
  const { escrow, event } = change;
  const where = `escrow ${escrow.id}, which is ${escrow.phase.kind}`;
  return new InvariantError(`BUG: ${event.kind} cannot follow in ${where}`);
}
