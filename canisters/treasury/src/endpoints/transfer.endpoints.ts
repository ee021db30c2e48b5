import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, type WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import type { TransferId } from '../core/ids.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import type { TreasuryError } from '../flows/treasury-errors.ts';
import { resolveTransfer, withdrawFees } from '../flows/move-by-controller.flow.ts';
import { account, accountFromWire, unitsFromWire, type WireAccount } from './wire/config-wire.ts';
import { resultOf } from './wire/error-wire.ts';
import { idFromWire } from './wire/id-wire.ts';
import { answerPage, mapPage, pageResultOf } from './wire/page-wire.ts';
import { transfer } from './wire/transfer-wire.ts';

const TransferResult = resultOf(transfer);
const TransferPageResult = pageResultOf(transfer);
const Withdrawal = lazy(() =>
  IDL.Record({ ledger: IDL.Principal, to: account.type, amount: IDL.Opt(IDL.Nat) }),
);
const Claim = lazy(() =>
  IDL.Variant({ Paid: IDL.Record({ block: IDL.Opt(IDL.Nat) }), Replan: IDL.Null }),
);

interface WireWithdrawal {
  readonly ledger: Principal;
  readonly to: WireAccount;
  readonly amount: [] | [bigint];
}

type WireClaim = { readonly Paid: { readonly block: [] | [bigint] } } | { readonly Replan: null };

/** Single movements of tokens. */
export class TransferEndpoints {
  /** Controllers only, and only from the platform's own account. Answers with the transfer. */
  @update([Withdrawal], TransferResult.type)
  async withdraw_fees(wire: WireWithdrawal): Promise<WireResult<unknown>> {
    const { ledger, to } = wire;
    const [amount] = wire.amount;
    const request = {
      ledger,
      to: accountFromWire(to),
      amount: amount === undefined ? undefined : unitsFromWire(amount),
    };
    return TransferResult.to(await withdrawFees(canister, request));
  }

  /** Controllers only. The ledger itself decides whether the claim is true. */
  @update([IDL.Nat64, Claim], TransferResult.type)
  async resolve_transfer(raw: bigint, claim: WireClaim): Promise<WireResult<unknown>> {
    const id = idFromWire<TransferId>('transfer_id', raw);
    if (id.kind === 'err') return TransferResult.to(id);
    const request = { transferId: id.value, claim: claimFromWire(claim) };
    return TransferResult.to(await resolveTransfer(canister, request));
  }

  @query([IDL.Nat64], TransferResult.type)
  get_transfer(raw: bigint): WireResult<unknown> {
    return TransferResult.to(andThen(idFromWire<TransferId>('transfer_id', raw), find));
  }

  /** Transfers whose outcome nobody knows yet. A page may be shorter than asked for. */
  @query([PageArgument], TransferPageResult.type)
  parked_transfers(page: WirePageArgument): WireResult<unknown> {
    const { parked, transfers } = canister.storage;
    return answerPage(TransferPageResult, page, (request) => {
      const { rows, next } = mapPage(parked.page(null, request), ({ transferId }) =>
        present(transfers.get(transferId), 'a parked transfer is missing'),
      );
      return { rows: rows.filter(({ value }) => value.status.kind === 'parked'), next };
    });
  }
}

function find(id: TransferId): Result<Transfer, TreasuryError> {
  return found(canister.storage.transfers.get(id), 'transfer');
}

function claimFromWire(wire: WireClaim) {
  if ('Replan' in wire) return { kind: 'replan' } as const;
  return { kind: 'paid', block: wire.Paid.block[0] } as const;
}
