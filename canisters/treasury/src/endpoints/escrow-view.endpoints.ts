import { IDL } from '@dfinity/candid';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import { found, invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, type WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import type { EscrowId } from '../core/ids.ts';
import { checkInvariants, type InvariantReport } from '../flows/check-invariants.flow.ts';
import { replayEscrow, type CheckReport } from '../flows/check-escrow.flow.ts';
import { escrowBriefs } from '../flows/escrow-brief.ts';
import { escrowView, type EscrowView } from '../flows/escrow-view.ts';
import { refuseUnknownEscrow } from '../flows/refusals/escrow-refusals.ts';
import type { TreasuryError } from '../flows/treasury-errors.ts';
import { resultOf } from './wire/error-wire.ts';
import { escrow, escrowBrief } from './wire/escrow-wire.ts';
import { idFromWire } from './wire/id-wire.ts';
import { answerPage, mapPage, pageResultOf } from './wire/page-wire.ts';
import { transfer } from './wire/transfer-wire.ts';
import {
  count,
  fromWire,
  list,
  optional,
  record,
  text,
  type Wire,
} from '@decent-cloud/kit/wire/wire.ts';

const EscrowResult = resultOf(escrow);
const escrowIds = list(count as Wire<EscrowId>);
const BriefsResult = resultOf(list(optional(escrowBrief)));
const EscrowPageResult = pageResultOf(escrow);
const TransferPageResult = pageResultOf(transfer);
const CheckResult = resultOf(record<CheckReport>({ checked: count, troubles: list(text) }));
const InvariantResult = resultOf(
  record<InvariantReport>({ checked: count, troubles: list(text), next: optional(count) }),
);
const MAX_CHECKED = 200;

/** The books of every escrow, open to all. */
export class EscrowViewEndpoints {
  @query([IDL.Nat64], EscrowResult.type)
  get_escrow(raw: bigint): WireResult<unknown> {
    return EscrowResult.to(andThen(idFromWire<EscrowId>('escrow_id', raw), viewOf));
  }

  /** For the rental canister, which asks about many at once. */
  @query([escrowIds.type], BriefsResult.type)
  escrow_briefs(raw: unknown): WireResult<unknown> {
    return BriefsResult.to(escrowBriefs(canister, fromWire(escrowIds, raw)));
  }

  /** The paid periods of a rental. */
  @query([IDL.Nat64, PageArgument], EscrowPageResult.type)
  list_escrows_of_rental(raw: bigint, page: WirePageArgument): WireResult<unknown> {
    const rental = idFromWire<RentalId>('rental_id', raw);
    if (rental.kind === 'err') return EscrowPageResult.to(rental);
    return answerPage(EscrowPageResult, page, (request) =>
      mapPage(canister.storage.rentalEscrows.page(rental.value, request), ({ escrowId }) => {
        const view = viewOf(escrowId);
        return present(view.kind === 'ok' ? view.value : undefined, 'a listed escrow is missing');
      }),
    );
  }

  /** Every movement of an escrow's tokens, in the order in which they were planned. */
  @query([IDL.Nat64, PageArgument], TransferPageResult.type)
  list_escrow_transfers(raw: bigint, page: WirePageArgument): WireResult<unknown> {
    const escrowId = idFromWire<EscrowId>('escrow_id', raw);
    if (escrowId.kind === 'err') return TransferPageResult.to(escrowId);
    const { escrowTransfers, transfers } = canister.storage;
    return answerPage(TransferPageResult, page, (request) =>
      mapPage(escrowTransfers.page(escrowId.value, request), ({ transferId }) =>
        present(transfers.get(transferId), 'a listed transfer is missing'),
      ),
    );
  }

  /** Replays the events of one escrow and compares. */
  @query([IDL.Nat64], CheckResult.type)
  check_escrow(raw: bigint): WireResult<unknown> {
    const id = idFromWire<EscrowId>('escrow_id', raw);
    return CheckResult.to(
      andThen(id, (escrowId) => found(replayEscrow(canister, escrowId), 'escrow')),
    );
  }

  /** Checks `limit` escrows from a number on, and with the first of all also the sums of each token. */
  @query([IDL.Nat64, IDL.Nat32], InvariantResult.type)
  check_invariants(rawFrom: bigint, limit: number): WireResult<unknown> {
    if (limit < 1 || limit > MAX_CHECKED) {
      const rule = `must be between 1 and ${MAX_CHECKED}`;
      return InvariantResult.to(invalidArgument({ argument: 'limit', rule }));
    }
    const from = idFromWire<EscrowId>('from', rawFrom);
    return InvariantResult.to(
      andThen(from, (first) => ok(checkInvariants(canister, { from: first, limit }))),
    );
  }
}

function viewOf(id: EscrowId): Result<EscrowView, TreasuryError> {
  const { runtime, storage } = canister;
  const stored = storage.escrows.get(id);
  const quote = storage.quotes.get(id);
  if (stored === undefined || quote === undefined) return refuseUnknownEscrow(id);
  return ok(escrowView({ quote, escrow: stored, self: runtime.self(), now: runtime.time() }));
}
