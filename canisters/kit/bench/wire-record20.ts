import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { makeRecord } from './record21.ts';

/** A record with the mix of types that an argument or an answer of ours has. */
export const Record20 = lazy(() =>
  IDL.Record({
    id: IDL.Nat64,
    offering_id: IDL.Nat64,
    recipe_id: IDL.Nat32,
    recipe_version: IDL.Nat32,
    renter: IDL.Principal,
    provider: IDL.Principal,
    state: IDL.Variant({ Active: IDL.Null, Stopped: IDL.Record({ at_ns: IDL.Nat64 }) }),
    name: IDL.Text,
    region: IDL.Text,
    machine_type: IDL.Text,
    created_at_ns: IDL.Nat64,
    started_at_ns: IDL.Opt(IDL.Nat64),
    ends_at_ns: IDL.Nat64,
    price_e8s: IDL.Nat,
    paid_e8s: IDL.Nat,
    fee_bps: IDL.Nat16,
    is_renewed: IDL.Bool,
    tags: IDL.Vec(IDL.Text),
    subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)),
    note: IDL.Opt(IDL.Text),
  }),
);

export interface WireRecord20 {
  readonly id: bigint;
  readonly offering_id: bigint;
  readonly recipe_id: number;
  readonly recipe_version: number;
  readonly renter: Principal;
  readonly provider: Principal;
  readonly state: { readonly Active: null } | { readonly Stopped: { readonly at_ns: bigint } };
  readonly name: string;
  readonly region: string;
  readonly machine_type: string;
  readonly created_at_ns: bigint;
  readonly started_at_ns: [] | [bigint];
  readonly ends_at_ns: bigint;
  readonly price_e8s: bigint;
  readonly paid_e8s: bigint;
  readonly fee_bps: number;
  readonly is_renewed: boolean;
  readonly tags: readonly string[];
  readonly subaccount: [] | [Uint8Array];
  readonly note: [] | [string];
}

export function makeWireRecord(id: number, parties: readonly [Principal, Principal]): WireRecord20 {
  const record = makeRecord(id, parties);
  return {
    id: BigInt(id),
    offering_id: BigInt(record.offeringId),
    recipe_id: record.recipeId,
    recipe_version: record.recipeVersion,
    renter: record.renter,
    provider: record.provider,
    state: { Stopped: { at_ns: record.createdAtNs } },
    name: record.name,
    region: record.region,
    machine_type: record.machineType,
    created_at_ns: record.createdAtNs,
    started_at_ns: [record.createdAtNs],
    ends_at_ns: record.endsAtNs,
    price_e8s: record.pricePerMonth,
    paid_e8s: record.paid,
    fee_bps: record.feeBps,
    is_renewed: record.isAutoRenewed,
    tags: record.tags,
    subaccount: [new Uint8Array(32).fill(id)],
    note: record.note === undefined ? [] : [record.note],
  };
}
