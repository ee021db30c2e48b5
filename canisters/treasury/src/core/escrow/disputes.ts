import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowEvent } from '../events.ts';
import type { Quote } from '../quotes/quote.ts';
import type { Dispute, Escrow } from './escrow.ts';
import { DISPUTE_NS } from './limits.ts';
import { undecidedOf } from './party-book.ts';
import { decidedCredits, startOf } from './settlement.ts';
import { earlier, termEndOf } from './vesting.ts';

export type DisputeRefusal =
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'no-dispute' }
  | { readonly kind: 'dispute-open' }
  /** Not started yet, or nothing of the deposit is undecided any more. */
  | { readonly kind: 'not-disputable' }
  | {
      readonly kind: 'invalid-argument';
      readonly argument: 'reason' | 'payer_part';
      readonly rule: string;
    };

interface Asked {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly caller: Principal;
  readonly now: TimestampNs;
}

type Side = Dispute['openedBy'];

const MAX_REASON_LENGTH = 500;

/** Lets payer or provider freeze what nobody was credited yet. */
export function openDispute(
  asked: Asked & { readonly reason: string },
): Result<EscrowEvent, DisputeRefusal> {
  const { escrow, now, reason } = asked;
  const by = sideOf(asked);
  if (by === undefined) return err({ kind: 'not-allowed' });
  if (escrow.dispute !== undefined) return err({ kind: 'dispute-open' });
  const frozen = undecidedOf(escrow);
  const { kind } = escrow.phase;
  // Before the start there is nothing to judge: silence until the deadline refunds everything.
  const isHeld = kind === 'running' || kind === 'ended';
  if (!isHeld || frozen === 0n) return err({ kind: 'not-disputable' });
  if (reason.trim() === '' || reason.length > MAX_REASON_LENGTH) {
    const rule = `must be 1 to ${MAX_REASON_LENGTH} characters`;
    return err({ kind: 'invalid-argument', argument: 'reason', rule });
  }
  const deadlineAt = after(now, DISPUTE_NS);
  return ok({ kind: 'dispute-opened', escrowId: escrow.id, by, frozen, deadlineAt, reason });
}

/** Records what one side would agree to; if the other side said the same, that is the decision. */
export function agreeDispute(
  asked: Asked & { readonly payerPart: TokenUnits },
): Result<readonly EscrowEvent[], DisputeRefusal> {
  const { escrow, payerPart } = asked;
  const by = sideOf(asked);
  if (by === undefined) return err({ kind: 'not-allowed' });
  const { dispute } = escrow;
  if (dispute === undefined) return err({ kind: 'no-dispute' });
  if (payerPart > dispute.frozen) return tooMuch();
  const agreed: EscrowEvent = { kind: 'dispute-agreed', escrowId: escrow.id, by, payerPart };
  const other = by === 'payer' ? dispute.providerAgrees : dispute.payerAgrees;
  return ok(other === payerPart ? [agreed, decided(asked, 'agreement')] : [agreed]);
}

/** Lets the arbiter of the quote decide which part of what is frozen the payer gets. */
export function decideDispute(
  asked: Asked & { readonly payerPart: TokenUnits },
): Result<EscrowEvent, DisputeRefusal> {
  const { escrow, quote, caller, payerPart } = asked;
  if (caller.compareTo(quote.arbiter) !== 'eq') return err({ kind: 'not-allowed' });
  if (escrow.dispute === undefined) return err({ kind: 'no-dispute' });
  if (payerPart > escrow.dispute.frozen) return tooMuch();
  return ok(decided(asked, 'arbiter'));
}

function decided(
  asked: Asked & { readonly payerPart: TokenUnits },
  how: 'arbiter' | 'agreement',
): EscrowEvent {
  const { escrow, payerPart } = asked;
  const credits = decidedCredits(asked, payerPart);
  return { kind: 'dispute-decided', escrowId: escrow.id, how, endAt: endOf(asked), credits };
}

/** A decision ends a rental that has not ended. */
function endOf({ quote, escrow, now }: Asked): TimestampNs {
  if (escrow.phase.kind === 'ended') return escrow.phase.endAt;
  const startedAt = startOf(escrow);
  return startedAt === undefined ? now : earlier(now, termEndOf({ quote, startedAt }));
}

function sideOf({ quote, caller }: Asked): Side | undefined {
  if (caller.compareTo(quote.terms.payer) === 'eq') return 'payer';
  return caller.compareTo(quote.terms.provider) === 'eq' ? 'provider' : undefined;
}

function tooMuch(): Result<never, DisputeRefusal> {
  const rule = 'must be at most what is frozen';
  return err({ kind: 'invalid-argument', argument: 'payer_part', rule });
}
