import { IDL } from '@dfinity/candid';
import { CommonError } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { AccountProfile, ProfileInput } from '../core/accounts/profile.ts';

export const ProfileInputType = IDL.Record({
  display_name: IDL.Text,
  age_recipient: IDL.Opt(IDL.Text),
});

const Profile = IDL.Record({
  id: IDL.Nat64,
  display_name: IDL.Text,
  age_recipient: IDL.Opt(IDL.Text),
  created_at_ns: IDL.Nat64,
  updated_at_ns: IDL.Nat64,
});

export const ProfileResult = resultType(Profile, CommonError);

export interface WireProfileInput {
  readonly display_name: string;
  readonly age_recipient: [] | [string];
}

export function inputFromWire(wire: WireProfileInput): ProfileInput {
  return { displayName: wire.display_name, ageRecipient: wire.age_recipient[0] };
}

export interface WireProfile extends WireProfileInput {
  readonly id: bigint;
  readonly created_at_ns: bigint;
  readonly updated_at_ns: bigint;
}

export function profileToWire(profile: AccountProfile): WireProfile {
  return {
    id: BigInt(profile.id),
    display_name: profile.displayName,
    age_recipient: profile.ageRecipient === undefined ? [] : [profile.ageRecipient],
    created_at_ns: profile.createdAt,
    updated_at_ns: profile.updatedAt,
  };
}
