import { Principal } from '@dfinity/principal';

/** Canister ids are an 8-byte big-endian number followed by 0x01 0x01. */
const CANISTER_ID_TAIL = Uint8Array.of(1, 1);
const CANISTER_ID_BYTES = 10;
const INDEX_BYTES = 8;

/** Consecutive canister ids by number, both ends included. */
export interface CanisterRange {
  readonly start: bigint;
  readonly end: bigint;
}

export function canisterIdOf(index: bigint): Principal {
  const bytes = new Uint8Array(CANISTER_ID_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, index);
  bytes.set(CANISTER_ID_TAIL, INDEX_BYTES);
  return Principal.fromUint8Array(bytes);
}

/** The number in a canister id, or undefined if the principal has another form. */
export function canisterIndexOf(id: Principal): bigint | undefined {
  const bytes = id.toUint8Array();
  if (bytes.length !== CANISTER_ID_BYTES || bytes[8] !== 1 || bytes[9] !== 1) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, INDEX_BYTES).getBigUint64(0);
}

export function rangesContain(ranges: readonly CanisterRange[], id: Principal): boolean {
  const index = canisterIndexOf(id);
  return index !== undefined && ranges.some(({ start, end }) => start <= index && index <= end);
}
