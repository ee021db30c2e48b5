import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import * as disputes from '../core/escrow/disputes.ts';
import type { DisputeRefusal } from '../core/escrow/disputes.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { EscrowId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';
import { recordEvent } from './record-event.flow.ts';
import { refuseDispute, refuseUnknownEscrow } from './refusals/escrow-refusals.ts';
import { startSettling } from './tick-escrows.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

/** Payer or provider: what is not decided yet stays where it is until the dispute is over. */
export function openDispute(
  canister: TreasuryCanister,
  { escrowId, reason }: { readonly escrowId: EscrowId; readonly reason: string },
): Result<null, TreasuryError> {
  return change(canister, escrowId, (situation) => {
    const opened = disputes.openDispute({ ...situation, reason });
    return opened.kind === 'ok' ? ok([opened.value]) : opened;
  });
}

/** Payer or provider: once both named the same part for the payer, it is split so at once. */
export function agreeSplit(
  canister: TreasuryCanister,
  { escrowId, payerPart }: { readonly escrowId: EscrowId; readonly payerPart: TokenUnits },
): Result<null, TreasuryError> {
  return change(canister, escrowId, (situation) =>
    disputes.agreeDispute({ ...situation, payerPart }),
  );
}

/** The quote's arbiter: splits what is frozen. */
export function decideDispute(
  canister: TreasuryCanister,
  { escrowId, payerPart }: { readonly escrowId: EscrowId; readonly payerPart: TokenUnits },
): Result<null, TreasuryError> {
  return change(canister, escrowId, (situation) => {
    const decided = disputes.decideDispute({ ...situation, payerPart });
    return decided.kind === 'ok' ? ok([decided.value]) : decided;
  });
}

interface Situation {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly caller: Principal;
  readonly now: TimestampNs;
}

function change(
  canister: TreasuryCanister,
  escrowId: EscrowId,
  decide: (situation: Situation) => Result<readonly TreasuryEvent[], DisputeRefusal>,
): Result<null, TreasuryError> {
  const { runtime, storage } = canister;
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const quote = storage.quotes.get(escrowId);
  const escrow = storage.escrows.get(escrowId);
  if (quote === undefined || escrow === undefined) return refuseUnknownEscrow(escrowId);
  const at = runtime.time();
  const events = decide({ quote, escrow, caller: caller.value, now: at });
  if (events.kind === 'err') return refuseDispute(events.error, escrow);
  for (const event of events.value) recordEvent(storage, { at, event });
  startSettling(canister, escrowId);
  return ok(null);
}
