import { present } from '@decent-cloud/domain/assert.ts';
import type { Escrow } from '../../core/escrow/escrow.ts';
import type { EscrowId } from '../../core/ids.ts';
import { recordEvent } from '../record-event.flow.ts';
import type { TreasuryCanister } from '../treasury-canister.ts';
import { lookAtEscrow, type EscrowLook } from './look-at-escrow.ts';

/**
 * Compares an escrow's account on the ledger with its books, and records what is above or missing. If
 * it was not at rest, or the ledger did not answer, nothing is said about it and it is looked at again
 * a day later: a ledger that is down must not keep others from their audit.
 */
export async function auditEscrow(canister: TreasuryCanister, id: EscrowId): Promise<void> {
  const { audits, runtime, storage } = canister;
  const key = auditKey(id);
  const escrow = storage.escrows.get(id);
  if (audits.has(key) || escrow === undefined || !isAuditDue(canister, escrow)) return;
  const { ledger } = present(storage.quotes.get(id), 'an escrow has no quote').terms;
  await audits.during({ key, ledger }, async () => {
    const look =
      escrow.liveTransfer === undefined ? await lookAtEscrow(canister, { id, ledger }) : undefined;
    const now = present(storage.escrows.get(id), 'an escrow is missing');
    if (!isAuditDue(canister, now)) return;
    const surplus = look?.kind === 'ok' ? surplusOf(look.value) : undefined;
    const event = { kind: 'escrow-audited', escrowId: id, surplus } as const;
    recordEvent(storage, { at: runtime.time(), event });
  });
}

/** The name of an escrow's audit among the open reads. */
export function auditKey(id: EscrowId): string {
  return `escrow ${id}`;
}

/** Above the books, or negative: missing. Undefined where it cannot be told. */
export function surplusOf({ isAtRest, onLedger, books }: EscrowLook): bigint | undefined {
  return isAtRest ? onLedger - books : undefined;
}

function isAuditDue({ runtime }: TreasuryCanister, { auditDueAt }: Escrow): boolean {
  return auditDueAt !== undefined && auditDueAt <= runtime.time();
}
