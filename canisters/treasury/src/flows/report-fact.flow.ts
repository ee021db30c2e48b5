import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Fact } from '../core/escrow/fact.ts';
import { checkFact } from '../core/escrow/facts.ts';
import type { EscrowId } from '../core/ids.ts';
import { recordEvent } from './record-event.flow.ts';
import { refuseFact, refuseUnknownEscrow } from './refusals/escrow-refusals.ts';
import { startSettling } from './tick-escrows.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import { refuse, type TreasuryError } from './treasury-errors.ts';

export interface ReportedFact {
  readonly escrowId: EscrowId;
  /** Facts of an escrow are numbered from 1. */
  readonly seq: number;
  readonly fact: Fact;
}

/** What became of one fact. A duplicate is fine: it has had its effect before. */
export interface FactReceipt {
  readonly isDuplicate: boolean;
}

/**
 * Takes one fact about a paid rental from the canister that asked for its quote. Nothing waits: what a
 * fact ends is paid back in the next message.
 */
export function reportFact(
  canister: TreasuryCanister,
  { escrowId, seq, fact }: ReportedFact,
): Result<FactReceipt, TreasuryError> {
  const caller = requireUser(canister.runtime);
  if (caller.kind === 'err') return caller;
  const { runtime, storage } = canister;
  const quote = storage.quotes.get(escrowId);
  const escrow = storage.escrows.get(escrowId);
  if (quote === undefined || escrow === undefined) return refuseUnknownEscrow(escrowId);
  if (quote.reporter.compareTo(caller.value) !== 'eq') {
    return refuse(
      { kind: 'not-allowed' },
      'Only the rental canister that asked for the quote reports facts about it. Nothing changed.',
    );
  }
  const now = runtime.time();
  const check = checkFact({ quote, escrow, seq, fact, now });
  switch (check.kind) {
    case 'duplicate':
      return ok({ isDuplicate: true });
    case 'refused':
      return refuseFact(check.refusal, escrow);
    case 'apply':
      recordEvent(storage, { at: now, event: check.event });
      if (fact.kind === 'ended') startSettling(canister, escrowId);
      return ok({ isDuplicate: false });
  }
}
