import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { parseId, type RentalId } from '@decent-cloud/domain/ids.ts';
import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { pageType } from '@decent-cloud/kit/errors/page-argument.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { ClosedRental, Outcome } from '../core/rentals/closed-rental.ts';
import type { ArchiveRefusal } from '../flows/archive-errors.ts';
import { ArchiveError } from './error-wire.ts';

const Party = IDL.Variant({ Renter: IDL.Null, Provider: IDL.Null });
const outcomes = IDL.Variant({ Completed: IDL.Null, Cancelled: Party, Failed: IDL.Text });
const common = {
  id: IDL.Nat64,
  renter: IDL.Principal,
  provider: IDL.Principal,
  offering: IDL.Text,
  started_at_ns: IDL.Opt(IDL.Nat64),
  closed_at_ns: IDL.Nat64,
  ledger: IDL.Principal,
  paid: IDL.Nat,
  refunded: IDL.Nat,
};

/** What a writer hands over. */
export const ClosedRentalArgument = IDL.Record({ ...common, outcome: outcomes });
/** What is read: an older client gets `null` for an outcome that it does not know. */
const ClosedRentalType = IDL.Record({ ...common, outcome: IDL.Opt(outcomes) });

export const ClosedRentalResult = resultType(ClosedRentalType, ArchiveError);
export const ClosedRentalPageResult = resultType(pageType(ClosedRentalType), ArchiveError);

type WireOutcome =
  | { readonly Completed: null }
  | { readonly Cancelled: { readonly Renter: null } | { readonly Provider: null } }
  | { readonly Failed: string };

interface WireCommon {
  readonly id: bigint;
  readonly renter: Principal;
  readonly provider: Principal;
  readonly offering: string;
  readonly started_at_ns: [] | [bigint];
  readonly closed_at_ns: bigint;
  readonly ledger: Principal;
  readonly paid: bigint;
  readonly refunded: bigint;
}
export interface WireClosedRentalArgument extends WireCommon {
  readonly outcome: WireOutcome;
}
export interface WireClosedRental extends WireCommon {
  readonly outcome: readonly [WireOutcome];
}

export function rentalIdFromWire(id: bigint): Result<RentalId, ArchiveRefusal> {
  const parsed = parseId<RentalId>(id);
  if (parsed.kind === 'ok') return parsed;
  return invalidArgument({ argument: 'id', rule: 'is no rental id' });
}

export function rentalFromWire(
  wire: WireClosedRentalArgument,
): Result<ClosedRental, ArchiveRefusal> {
  return mapOk(rentalIdFromWire(wire.id), (id) => ({
    id,
    renter: wire.renter,
    provider: wire.provider,
    offering: wire.offering,
    startedAt: wire.started_at_ns[0] === undefined ? undefined : timestampNs(wire.started_at_ns[0]),
    closedAt: timestampNs(wire.closed_at_ns),
    outcome: outcomeFromWire(wire.outcome),
    ledger: wire.ledger,
    paid: wire.paid as TokenUnits,
    refunded: wire.refunded as TokenUnits,
  }));
}

function outcomeFromWire(wire: WireOutcome): Outcome {
  if ('Completed' in wire) return { kind: 'completed' };
  if ('Failed' in wire) return { kind: 'failed', reason: wire.Failed };
  return { kind: 'cancelled', by: 'Renter' in wire.Cancelled ? 'renter' : 'provider' };
}

export function rentalToWire(rental: ClosedRental): WireClosedRental {
  return {
    id: BigInt(rental.id),
    renter: rental.renter,
    provider: rental.provider,
    offering: rental.offering,
    started_at_ns: rental.startedAt === undefined ? [] : [rental.startedAt],
    closed_at_ns: rental.closedAt,
    outcome: [outcomeToWire(rental.outcome)],
    ledger: rental.ledger,
    paid: rental.paid,
    refunded: rental.refunded,
  };
}

function outcomeToWire(outcome: Outcome): WireOutcome {
  switch (outcome.kind) {
    case 'completed':
      return { Completed: null };
    case 'cancelled':
      return { Cancelled: outcome.by === 'renter' ? { Renter: null } : { Provider: null } };
    case 'failed':
      return { Failed: outcome.reason };
  }
}
