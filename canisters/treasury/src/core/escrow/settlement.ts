import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { invariant } from '@decent-cloud/domain/assert.ts';
import { elapsed, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Credits } from '../events.ts';
import type { Quote, SlaCredit } from '../quotes/quote.ts';
import type { EndCause, Escrow, Exclusions } from './escrow.ts';
import { ALL_BPS } from './limits.ts';
import { earnedOf, NO_CREDITS, undecidedOf } from './party-book.ts';
import { sharesUpTo } from './splits.ts';
import { billableNs, earlier, earnedFor, termEndOf } from './vesting.ts';

const ALL_PPM = 1_000_000n;

interface Held {
  readonly quote: Quote;
  readonly escrow: Escrow;
}

/** How a rental ended. */
export interface Ending {
  readonly startedAt: TimestampNs;
  readonly endAt: TimestampNs;
  readonly cause: EndCause;
}

/** When the rental of this escrow started; undefined if it did not. */
export function startOf(escrow: Escrow): TimestampNs | undefined {
  const { phase } = escrow;
  return phase.kind === 'running' || phase.kind === 'ended' ? phase.startedAt : undefined;
}

/** A pause that is open when the rental ends lasts until then. */
export function closePause(exclusions: Exclusions, endAt: TimestampNs): Exclusions {
  const { pausedSince } = exclusions;
  if (pausedSince === undefined) return exclusions;
  const pausedNs = (exclusions.pausedNs + elapsed(pausedSince, endAt)) as DurationNs;
  return { ...exclusions, pausedNs, pausedSince: undefined, lastTo: endAt };
}

/** What vested at the end before anything goes back; a renter who cancels pays the notice at least. */
export function grossVested(held: Held, ending: Ending): TokenUnits {
  const { quote, escrow } = held;
  const course = { quote, startedAt: ending.startedAt, exclusions: escrow.exclusions };
  const counted = billableNs(course, ending.endAt);
  const { noticeNs } = quote.terms;
  const isShort = ending.cause === 'renter-cancelled' && counted < noticeNs;
  const vested = earnedFor(quote, isShort ? noticeNs : counted);
  const credited = earnedOf(escrow);
  return vested > credited ? vested : credited;
}

/** Credit that the uptime gives. Without any time that counts, nothing was down. */
export function slaCreditBps(table: readonly SlaCredit[], time: SlaTime): bigint {
  if (time.dueNs <= 0n) return 0n;
  const up = (time.dueNs - time.outageNs) * ALL_PPM;
  const applies = table.filter((row) => up < BigInt(row.belowPpm) * time.dueNs);
  return BigInt(applies.at(-1)?.creditBps ?? 0);
}

export interface SlaTime {
  /** From start to end, without pauses. */
  readonly dueNs: bigint;
  readonly outageNs: DurationNs;
}

/** The part of what vested that goes back to the renter; never more than releases held back. */
export function giveBackBps(held: Held, ending: Ending): bigint {
  const { terms } = held.quote;
  const { outageNs, pausedNs } = closePause(held.escrow.exclusions, ending.endAt);
  const dueNs = ending.endAt - ending.startedAt - pausedNs;
  const sla = slaCreditBps(terms.slaCredits, { dueNs, outageNs });
  if (ending.cause !== 'provider-cancelled') return sla;
  const penalty = BigInt(terms.providerPenaltyBps);
  return penalty > sla ? penalty : sla;
}

/** For `ended`: everything that did not vest goes back at once; what vested waits for `finalised`. */
export function endCredits(
  held: Held,
  end: { readonly endAt: TimestampNs; readonly cause: EndCause },
): Credits {
  if (held.escrow.dispute !== undefined) return NO_CREDITS;
  const startedAt = startOf(held.escrow);
  if (startedAt === undefined) return divide(held, earnedOf(held.escrow));
  const unvested = held.escrow.deposited - grossVested(held, { ...end, startedAt });
  return { ...NO_CREDITS, payer: unvested as TokenUnits };
}

/** For `finalised`: the vested part that was held back, less what goes back to the renter. */
export function finalCredits(held: Held, ending: Ending): Credits {
  const gross = (earnedOf(held.escrow) + undecidedOf(held.escrow)) as TokenUnits;
  return divide(held, netOf({ gross, giveBack: giveBackBps(held, ending) }));
}

/** For a decided dispute: `payerPart` of what is undecided to the payer, the rest by the split. */
export function decidedCredits(held: Held, payerPart: TokenUnits): Credits {
  const total = earnedOf(held.escrow) + undecidedOf(held.escrow) - payerPart;
  return divide(held, total as TokenUnits);
}

/** For a dispute that nobody decided: as the reported facts say, until the deadline at most. */
export function defaultDecision(
  held: Held,
  deadlineAt: TimestampNs,
): { readonly endAt: TimestampNs; readonly credits: Credits } {
  const { quote, escrow } = held;
  const startedAt = startOf(escrow);
  const ended = escrow.phase.kind === 'ended' ? escrow.phase : undefined;
  const stopAt = ended?.endAt ?? deadlineAt;
  if (startedAt === undefined) return { endAt: stopAt, credits: divide(held, earnedOf(escrow)) };
  const endAt = earlier(stopAt, termEndOf({ quote, startedAt }));
  const ending: Ending = { startedAt, endAt, cause: ended?.cause ?? 'term-ended' };
  const gross = grossVested(held, ending);
  const atMost = earnedOf(escrow) + undecidedOf(escrow);
  const vested = (gross < atMost ? gross : atMost) as TokenUnits;
  const net = netOf({ gross: vested, giveBack: giveBackBps(held, ending) });
  return { endAt, credits: divide(held, net) };
}

function netOf(input: { readonly gross: TokenUnits; readonly giveBack: bigint }): TokenUnits {
  return ((input.gross * (ALL_BPS - input.giveBack)) / ALL_BPS) as TokenUnits;
}

/** Everything undecided: earners up to `total` ever, but nothing is taken back; the rest to the payer. */
function divide(held: Held, total: TokenUnits): Credits {
  const { escrow, quote } = held;
  const credited = earnedOf(escrow);
  const undecided = undecidedOf(escrow);
  const earned = total > credited ? total : credited;
  const payer = undecided - (earned - credited);
  invariant(payer >= 0n, 'more would be credited than is there');
  const shares = sharesUpTo({ split: quote.terms.split, books: escrow.books, total: earned });
  return { ...shares, payer: payer as TokenUnits };
}
