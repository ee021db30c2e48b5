import { IDL } from '@dfinity/candid';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { DepositRequest as Request } from '../../flows/deposit.flow.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { unitsFromWire } from './config-wire.ts';
import { idFromWire } from './id-wire.ts';

export const DepositRequest = lazy(() =>
  IDL.Record({
    escrow_id: IDL.Nat64,
    max_amount: IDL.Nat,
    from_subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)),
  }),
);

export interface WireDepositRequest {
  readonly escrow_id: bigint;
  readonly max_amount: bigint;
  readonly from_subaccount: [] | [Uint8Array];
}

export function depositFromWire(wire: WireDepositRequest): Result<Request, TreasuryError> {
  const escrowId = idFromWire<EscrowId>('escrow_id', wire.escrow_id);
  if (escrowId.kind === 'err') return escrowId;
  const [subaccount] = wire.from_subaccount;
  return ok({
    escrowId: escrowId.value,
    maxAmount: unitsFromWire(wire.max_amount),
    fromSubaccount: subaccount === undefined ? undefined : Uint8Array.from(subaccount),
  });
}
