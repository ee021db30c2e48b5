import { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';
import type { ArchivedRange, BlockLog, BlockRange } from './core/block-log.ts';
import { decodeValue } from './core/icrc3-codec.ts';
import type { Icrc3Value } from './core/icrc3-value.ts';
import type { WireRange } from './wire/icrc3-types.ts';

/** Most blocks in one icrc3_get_blocks answer. */
export const ICRC3_BLOCKS_MAX = 100;
/** Most blocks in one get_blocks or get_transactions answer. */
export const BLOCKS_MAX = 2_000;

/** A range as asked for; numbers beyond any log are as good as infinite. */
export function readRange(wire: WireRange): BlockRange {
  const start = clamp(wire.start);
  return { start, end: start + clamp(wire.length) };
}

function clamp(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER) / 2n;
  return Number(value < limit ? value : limit);
}

export function prefix(range: BlockRange, lengthMax: number): BlockRange {
  return { start: range.start, end: Math.min(range.end, range.start + lengthMax) };
}

/** Where blocks of a range can be fetched, in the shape older ledger queries answer with. */
export function archivedRanges(
  archived: readonly ArchivedRange[],
  method: string,
): { start: bigint; length: bigint; callback: [Principal, string] }[] {
  return archived.map((range) => ({
    start: BigInt(range.start),
    length: BigInt(range.end - range.start),
    callback: [Principal.fromText(range.canisterId), method],
  }));
}

/** Answer of icrc3_get_blocks of a ledger with archives. */
export function icrc3Blocks(
  log: BlockLog,
  requests: readonly WireRange[],
): Record<string, unknown> {
  const blocks: { id: bigint; block: Icrc3Value }[] = [];
  const byArchive = new Map<string, WireRange[]>();
  for (const request of requests) {
    const room = ICRC3_BLOCKS_MAX - blocks.length;
    if (room === 0) break;
    const { local, archived } = log.locate(prefix(readRange(request), room));
    const found = log.slice(local).map((bytes, offset) => ({
      id: BigInt(local.start + offset),
      block: decodeValue(bytes),
    }));
    blocks.push(...found);
    for (const range of archived) {
      const ranges = byArchive.get(range.canisterId) ?? [];
      ranges.push({ start: BigInt(range.start), length: BigInt(range.end - range.start) });
      byArchive.set(range.canisterId, ranges);
    }
  }
  return {
    log_length: BigInt(log.length),
    blocks,
    archived_blocks: [...byArchive].map(([canisterId, args]) => ({
      args,
      callback: [Principal.fromText(canisterId), 'icrc3_get_blocks'],
    })),
  };
}

/** Answer of icrc3_get_archives: those after `from`, all without it. */
export function icrc3Archives(
  log: BlockLog,
  from: Opt<Principal>,
): { canister_id: Principal; start: bigint; end: bigint }[] {
  const [after] = from;
  return log.archives
    .map((range) => ({
      canister_id: Principal.fromText(range.canisterId),
      start: BigInt(range.start),
      end: BigInt(range.end - 1),
    }))
    .filter((archive) => after === undefined || archive.canister_id.compareTo(after) === 'gt');
}

type GenericValue =
  | { readonly Nat: bigint }
  | { readonly Nat64: bigint }
  | { readonly Int: bigint }
  | { readonly Text: string }
  | { readonly Blob: Uint8Array }
  | { readonly Array: readonly GenericValue[] }
  | { readonly Map: readonly (readonly [string, GenericValue])[] };

const NAT64_MAX = (1n << 64n) - 1n;

/** The value type of the pre-ICRC-3 `get_blocks`: numbers within 64 bits are Nat64. */
export function genericValue(value: Icrc3Value): GenericValue {
  if ('Nat' in value) return value.Nat > NAT64_MAX ? value : { Nat64: value.Nat };
  if ('Array' in value) return { Array: value.Array.map(genericValue) };
  if ('Map' in value) return { Map: value.Map.map(([key, item]) => [key, genericValue(item)]) };
  return value;
}
