import { Principal } from '@dfinity/principal';
import { compareBytes } from '../crypto/bytes.ts';
import { encodeCbor } from '../crypto/cbor.ts';

/** The one range of the one subnet: well-known ids of mainnet live in it too. */
export const FIRST_CANISTER_ID = Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai');
export const LAST_CANISTER_ID = Principal.fromHex('ffffffffffffffff0101');

/** Source: IC interface spec, "Subnet information", `canister_ranges`. */
export function encodeCanisterRanges(): Uint8Array {
  return encodeCbor([[FIRST_CANISTER_ID.toUint8Array(), LAST_CANISTER_ID.toUint8Array()]]);
}

/** By bytes, as the IC orders principals; so it also holds principals that are no canisters. */
export function isInCanisterRanges(id: Principal): boolean {
  const bytes = id.toUint8Array();
  return (
    compareBytes(FIRST_CANISTER_ID.toUint8Array(), bytes) <= 0 &&
    compareBytes(bytes, LAST_CANISTER_ID.toUint8Array()) <= 0
  );
}
