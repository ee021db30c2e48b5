import { IDL } from '@dfinity/candid';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { unitsFromWire } from './config-wire.ts';
import { idFromWire } from './id-wire.ts';

export const Part = lazy(() => IDL.Record({ escrow_id: IDL.Nat64, payer_part: IDL.Nat }));
export const Complaint = lazy(() => IDL.Record({ escrow_id: IDL.Nat64, reason: IDL.Text }));

export interface WirePart {
  readonly escrow_id: bigint;
  readonly payer_part: bigint;
}

export interface WireComplaint {
  readonly escrow_id: bigint;
  readonly reason: string;
}

export function partFromWire({
  escrow_id,
  payer_part,
}: WirePart): Result<
  { readonly escrowId: EscrowId; readonly payerPart: TokenUnits },
  TreasuryError
> {
  return mapOk(idFromWire<EscrowId>('escrow_id', escrow_id), (escrowId) => ({
    escrowId,
    payerPart: unitsFromWire(payer_part),
  }));
}

export function complaintFromWire({
  escrow_id,
  reason,
}: WireComplaint): Result<{ readonly escrowId: EscrowId; readonly reason: string }, TreasuryError> {
  return mapOk(idFromWire<EscrowId>('escrow_id', escrow_id), (escrowId) => ({ escrowId, reason }));
}
