import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Phase } from '../core/escrow/escrow.ts';
import { startOf } from '../core/escrow/settlement.ts';
import { termEndOf } from '../core/escrow/vesting.ts';
import type { EscrowId } from '../core/ids.ts';
import { partyView, type PartyView } from './escrow-view.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

const MAX_BRIEFS = 50;

/** What the rental canister has to know of an escrow to go on. All of it is in `EscrowView` too. */
export interface EscrowBrief {
  readonly escrowId: EscrowId;
  readonly phase: Phase;
  readonly amount: TokenUnits;
  readonly deposited: TokenUnits;
  readonly depositBlock: bigint | undefined;
  readonly termEndsAt: TimestampNs | undefined;
  /** Refunds. */
  readonly payer: PartyView;
  readonly factSeq: number;
  readonly isDisputed: boolean;
  readonly dueAt: TimestampNs | undefined;
}

/** Briefs in the order asked; undefined where there is no escrow of that number. */
export function escrowBriefs(
  { storage }: TreasuryCanister,
  ids: readonly EscrowId[],
): Result<readonly (EscrowBrief | undefined)[], TreasuryError> {
  if (ids.length > MAX_BRIEFS) {
    const rule = `at most ${MAX_BRIEFS} at once`;
    return invalidArgument({ argument: 'escrow_ids', rule });
  }
  return ok(ids.map((id) => briefOf(storage, id)));
}

function briefOf(
  { escrows, quotes }: TreasuryCanister['storage'],
  id: EscrowId,
): EscrowBrief | undefined {
  const escrow = escrows.get(id);
  const quote = quotes.get(id);
  if (escrow === undefined || quote === undefined) return undefined;
  const { phase, deposited, depositBlock, factSeq, dueAt } = escrow;
  const startedAt = startOf(escrow);
  return {
    escrowId: id,
    phase,
    amount: quote.amount,
    deposited,
    depositBlock,
    termEndsAt: startedAt === undefined ? undefined : termEndOf({ quote, startedAt }),
    payer: partyView(escrow.books.payer),
    factSeq,
    isDisputed: escrow.dispute !== undefined,
    dueAt,
  };
}
