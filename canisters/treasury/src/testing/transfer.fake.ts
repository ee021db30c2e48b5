import { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { memoOf } from '../core/transfers/frozen-args.ts';
import type { FrozenArgs, Transfer, TransferStatus } from '../core/transfers/transfer.ts';

export const T0 = timestampNs(1_800_000_000_000_000_000n);
export const LEDGER = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 1, 1));
const SELF = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, 1, 1));
const PAYEE = Principal.fromUint8Array(Uint8Array.of(5, 5));

/** Frozen at `T0`. */
export const ARGS: FrozenArgs = {
  generation: 1,
  createdAt: T0,
  memo: memoOf({ id: 7 as TransferId, generation: 1 }),
  amount: 1_000_000n as TokenUnits,
  fee: 10_000n as TokenUnits,
};

/** An attempt that waits for its answer. */
export function inFlight(isUnknown = false): TransferStatus {
  return { kind: 'in-flight', args: ARGS, isUnknown, attempts: 1 };
}

/** A payout of an escrow, or a deposit into it, in the given status. */
export function transferIn(
  status: TransferStatus,
  kind: 'payout' | 'deposit' | 'fee-withdrawal' = 'payout',
): Transfer {
  const escrow = { owner: SELF, subaccount: new Uint8Array(32).fill(3) };
  const person = { owner: PAYEE, subaccount: undefined };
  const escrowId = 1 as EscrowId;
  const purposes = {
    payout: { kind: 'payout', escrowId, party: 'provider' },
    deposit: { kind: 'deposit', escrowId },
    'fee-withdrawal': { kind: 'fee-withdrawal' },
  } as const;
  return {
    id: 7 as TransferId,
    purpose: purposes[kind],
    ledger: LEDGER,
    from: kind === 'deposit' ? person : escrow,
    to: kind === 'deposit' ? escrow : person,
    amount: ARGS.amount,
    fee: ARGS.fee,
    feeFromPayee: 0n as TokenUnits,
    scanFrom: 5n,
    lastGeneration: status.kind === 'planned' ? 0 : 1,
    lastProblem: undefined,
    plannedAt: T0,
    dueAt: undefined,
    status,
  };
}
