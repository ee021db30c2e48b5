import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { InvariantError, present } from '@decent-cloud/domain/assert.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import { platformAccount } from '../accounts.ts';
import type { TreasuryEvent } from '../events.ts';
import { effectivePayee } from '../payees/payout-account.ts';
import type { Payee } from '../payees/payee.ts';
import type { Quote } from '../quotes/quote.ts';
import type { EndCause, Escrow, Party } from './escrow.ts';
import { DEFER_AT_MOST_NS, worthSending } from './limits.ts';
import { decisionDueAt, endDueOf, isStillHeld, isWorthSending, nextDueAt } from './next-due.ts';
import { addCredits, earnedOf, NO_CREDITS, openOf, PARTIES } from './party-book.ts';
import { planPayout, type PayoutAmounts } from './payout-plan.ts';
import { nextReleaseAt, releasableAt, releaseThreshold } from './release.ts';
import { defaultDecision, endCredits, finalCredits } from './settlement.ts';
import { sharesUpTo } from './splits.ts';
import { earlier, termEndOf } from './vesting.ts';

/** A payout that is to be planned now. */
export interface PayoutPlan extends PayoutAmounts {
  readonly party: Party;
  readonly to: Account;
}

/** What an escrow wants: nothing before `dueAt`, an event to be recorded, or a payout. */
export type DueAction =
  | { readonly kind: 'none'; readonly dueAt: TimestampNs | undefined }
  | { readonly kind: 'event'; readonly event: TreasuryEvent }
  | { readonly kind: 'payout'; readonly plan: PayoutPlan };

export interface DueInput {
  readonly quote: Quote;
  readonly escrow: Escrow;
  /** What the ledger takes for a transfer, as far as known now. */
  readonly fee: TokenUnits;
  readonly payees: { readonly provider: Payee | undefined; readonly author: Payee | undefined };
  /** This canister: where the platform's account is. */
  readonly self: Principal;
  readonly now: TimestampNs;
}

/**
 * What the treasury does about an escrow by itself. Needs nobody: with a silent rental, arbiter or
 * payee every deposit is still decided and paid. After an event was recorded, ask again.
 */
export function dueAction(input: DueInput): DueAction {
  const { escrow, now } = input;
  const decisionAt = decisionDueAt(input);
  if (decisionAt !== undefined && decisionAt <= now) return { kind: 'event', event: decide(input) };
  const dueAt = nextDueAt({ quote: input.quote, escrow, at: now });
  if (dueAt === undefined || dueAt > now) return { kind: 'none', dueAt };
  return isStillHeld(escrow) ? payMeanwhile(input) : payAtEnd(input);
}

function decide(input: DueInput): TreasuryEvent {
  const { quote, escrow } = input;
  const { phase, dispute, id: escrowId } = escrow;
  if (dispute !== undefined) {
    const decision = defaultDecision(input, dispute.deadlineAt);
    return { kind: 'dispute-decided', escrowId, how: 'default', ...decision };
  }
  switch (phase.kind) {
    case 'quoted':
      return { kind: 'quote-lapsed', escrowId, why: 'expired' };
    case 'funded':
      return endNow(input, {
        endAt: after(phase.at, quote.terms.provisionWithinNs),
        cause: 'not-provisioned',
      });
    case 'running': {
      const course = { quote, startedAt: phase.startedAt };
      if (input.now < endDueOf(course)) return release(input, phase.startedAt);
      return endNow(input, { endAt: termEndOf(course), cause: 'term-ended' });
    }
    case 'ended': {
      const startedAt = present(phase.startedAt, 'what never started is final when it ends');
      const credits = finalCredits(input, { startedAt, endAt: phase.endAt, cause: phase.cause });
      return { kind: 'finalised', escrowId, credits };
    }
    case 'lapsed':
    case 'depositing':
    case 'closed':
      throw new InvariantError(`BUG: nothing is to be decided when ${phase.kind}`);
  }
}

function endNow(
  input: DueInput,
  end: { readonly endAt: TimestampNs; readonly cause: EndCause },
): TreasuryEvent {
  const credits = endCredits(input, end);
  return { kind: 'ended', escrowId: input.escrow.id, seq: undefined, ...end, credits };
}

function release(input: DueInput, startedAt: TimestampNs): TreasuryEvent {
  const { quote, escrow, now } = input;
  const amount = releasableAt({ quote, escrow, startedAt }, now);
  const isWorthIt = amount >= releaseThreshold(quote);
  const total = (earnedOf(escrow) + (isWorthIt ? amount : 0n)) as TokenUnits;
  const shares = sharesUpTo({ split: quote.terms.split, books: escrow.books, total });
  const credits = { ...NO_CREDITS, ...shares };
  const released = { ...escrow, books: addCredits(escrow.books, credits) };
  const next = nextReleaseAt({ quote, escrow: released, startedAt }, now);
  return { kind: 'released', escrowId: escrow.id, credits, nextReleaseAt: next };
}

/** While more is to come: refunds, and what is worth a transfer. */
function payMeanwhile(input: DueInput): DueAction {
  const { quote, fee, now } = input;
  const least = worthSending({ fee, minPayout: quote.minPayout });
  let until = after(now, DEFER_AT_MOST_NS);
  for (const party of ['payer', 'provider', 'author'] as const) {
    if (!isWorthSending(input, party)) continue;
    const way = wayTo(input, party);
    if (way.kind === 'paused') until = earlier(until, way.until);
    const isCheapEnough = party === 'payer' || openOf(input.escrow.books[party]) >= least;
    const plan = planPayout({ escrow: input.escrow, party, fee });
    if (way.kind === 'open' && isCheapEnough && plan !== undefined) {
      return { kind: 'payout', plan: { ...plan, party, to: way.to } };
    }
  }
  return deferred(input, until);
}

/** Nothing more is to come: everything goes out, the platform's part last. */
function payAtEnd(input: DueInput): DueAction {
  const { escrow, fee, now } = input;
  const escrowId = escrow.id;
  let until: TimestampNs | undefined;
  for (const party of PARTIES) {
    const amount = openOf(escrow.books[party]);
    if (amount === 0n) continue;
    if (party === 'platform' && until !== undefined) break;
    const way = wayTo(input, party);
    if (way.kind === 'paused') {
      until = earlier(until ?? after(now, DEFER_AT_MOST_NS), way.until);
      continue;
    }
    const plan = planPayout({ escrow, party, fee });
    if (plan !== undefined) return { kind: 'payout', plan: { ...plan, party, to: way.to } };
    if (party === 'platform') continue;
    return { kind: 'event', event: { kind: 'dust-kept', escrowId, party, amount } };
  }
  if (until !== undefined) return deferred(input, until);
  return { kind: 'event', event: { kind: 'escrow-closed', escrowId } };
}

function deferred(input: DueInput, until: TimestampNs): DueAction {
  const event = { kind: 'payouts-deferred', escrowId: input.escrow.id, until } as const;
  return { kind: 'event', event };
}

type Way =
  | { readonly kind: 'open'; readonly to: Account }
  | { readonly kind: 'paused'; readonly until: TimestampNs };

/** Where a party's money goes. Refunds go back to where the deposit came from and never wait. */
function wayTo(input: DueInput, party: Party): Way {
  switch (party) {
    case 'payer':
      return { kind: 'open', to: present(input.escrow.refundTo, 'a deposit came from somewhere') };
    case 'platform':
      return { kind: 'open', to: platformAccount(input.self) };
    case 'provider':
      return wayToPayee(input, { payee: input.payees.provider, owner: input.quote.terms.provider });
    case 'author': {
      const owner = present(input.quote.terms.author, 'who is credited is named');
      return wayToPayee(input, { payee: input.payees.author, owner });
    }
  }
}

function wayToPayee(
  { now }: DueInput,
  named: { readonly payee: Payee | undefined; readonly owner: Principal },
): Way {
  const { account, pausedUntil } = effectivePayee({ ...named, now });
  if (pausedUntil !== undefined) return { kind: 'paused', until: pausedUntil };
  return { kind: 'open', to: account };
}
