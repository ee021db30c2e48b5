import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Principal } from '@dfinity/principal';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Account } from '../../core/account.ts';
import type { EscrowId } from '../../core/ids.ts';
import { recordEvent } from '../record-event.flow.ts';
import { refuseUnknownEscrow } from '../refusals/escrow-refusals.ts';
import type { TreasuryCanister } from '../treasury-canister.ts';
import { postpone, type TreasuryError } from '../treasury-errors.ts';
import { auditKey, surplusOf } from './audit-escrow.flow.ts';
import { lookAtEscrow, type EscrowLook } from './look-at-escrow.ts';
import type { ReadLimits } from './open-reads.ts';

/** Apart from audits, so that those who ask cannot keep the treasury from its own. */
export const VERIFY_LIMITS: ReadLimits = { inAll: 20, perLedger: 10 };

/** Books against ledger, read just now. */
export interface EscrowProof {
  readonly escrowId: EscrowId;
  readonly ledger: Principal;
  readonly account: Account;
  readonly books: TokenUnits;
  readonly onLedger: TokenUnits;
  /** On the ledger less in the books: above 0 somebody sent more, below 0 something is missing. */
  readonly difference: bigint;
  /** False: a transfer is under way or something happened meanwhile; ask again in a minute. */
  readonly isAtRest: boolean;
  readonly readAt: TimestampNs;
}

const TRY_AGAIN = 'Nothing changed. Try again in some seconds.';

/** Reads the real balance of an escrow's account for anybody who is signed in. */
export async function verifyEscrow(
  canister: TreasuryCanister,
  id: EscrowId,
): Promise<Result<EscrowProof, TreasuryError>> {
  const { runtime, storage, verifications } = canister;
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const ledger = storage.quotes.get(id)?.terms.ledger;
  if (ledger === undefined || storage.escrows.get(id) === undefined) return refuseUnknownEscrow(id);
  const key = auditKey(id);
  if (verifications.has(key)) {
    return postpone({ kind: 'busy' }, `The ledger is being asked about this already. ${TRY_AGAIN}`);
  }
  if (!verifications.hasRoom(ledger)) {
    return postpone({ kind: 'busy' }, `Too many balances are being asked for. ${TRY_AGAIN}`);
  }
  return verifications.during({ key, ledger }, async () => {
    const look = await lookAtEscrow(canister, { id, ledger });
    if (look.kind === 'err') {
      const why = `The ledger did not tell the balance: ${look.error}. ${TRY_AGAIN}`;
      return postpone({ kind: 'ledger-unavailable' }, why);
    }
    recordNews(canister, look.value);
    const { account, books, onLedger, isAtRest } = look.value;
    const found = { account, books, onLedger, isAtRest, difference: onLedger - books };
    return ok({ escrowId: id, ledger, ...found, readAt: runtime.time() });
  });
}

/** What differs from the last audit is kept at once; the same again would only fill the journal. */
function recordNews({ runtime, storage }: TreasuryCanister, look: EscrowLook): void {
  const { escrow } = look;
  const surplus = surplusOf(look);
  if (surplus === undefined || surplus === escrow.surplus) return;
  if (escrow.auditDueAt === undefined) return;
  const event = { kind: 'escrow-audited', escrowId: escrow.id, surplus } as const;
  recordEvent(storage, { at: runtime.time(), event });
}
