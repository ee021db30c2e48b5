import { IDL } from '@dfinity/candid';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { StableMemory } from '../core/stable-memory.ts';
import { decodeCbor, encodeCbor } from '../crypto/cbor.ts';
import { sha256 } from '../crypto/bytes.ts';
import { some } from '../core/candid-opt.ts';
import { globalFromBytes, globalToBytes } from './global-bytes.ts';
import type { CanisterRecord, ManagementState } from './management-state.ts';
import { keyOfSnapshot, type Snapshot } from './snapshot.ts';
import { Change, type WireChange } from './wire/status.ts';

const FORMAT = 1;
const MEMORY_PAGE_BYTES = 65_536;

const Blob = z.instanceof(Uint8Array);
const Nat = z.union([z.int(), z.bigint()]).transform((value) => BigInt(value));
const Pages = z.array(z.tuple([z.int(), Blob]));
const Memory = z.tuple([z.int(), Pages]);
const SnapshotImage = z.tuple([
  Blob,
  z.tuple([Nat, Nat, z.array(Nat).max(1)]),
  z.enum(['taken', 'uploaded']),
  Blob,
  Memory,
  z.tuple([Blob, z.array(Blob)]),
  Memory,
  Blob,
  z.array(Blob),
]);
const RecordImage = z.tuple([z.string(), z.array(Blob), Nat, Blob, Nat, z.array(SnapshotImage)]);
const StateImage = z.tuple([z.literal(FORMAT), z.array(RecordImage)]);

type SnapshotImage = z.infer<typeof SnapshotImage>;

/** Deterministic: equal states give equal bytes, in whatever order they came about. */
export function saveState(state: ManagementState): Uint8Array {
  const keys = [...state.records.keys()].sort();
  const records = keys.flatMap((key) => {
    const record = state.records.get(key);
    return record === undefined ? [] : [recordImage(key, record)];
  });
  return encodeCbor([FORMAT, records]);
}

/** Replaces the whole state. Throws if the bytes are not what `saveState` gives. */
export function loadState(state: ManagementState, bytes: Uint8Array): void {
  const [, records] = StateImage.parse(decodeCbor(bytes));
  state.records.clear();
  for (const [key, chunks, changesTotal, changes, nextSnapshotNumber, snapshots] of records) {
    state.records.set(key, {
      chunks: chunkMap(chunks),
      changes: IDL.decode([IDL.Vec(Change)], changes)[0] as unknown as WireChange[],
      changesTotal,
      snapshots: new Map(
        snapshots.map(readSnapshot).map((snapshot) => [keyOfSnapshot(snapshot.id), snapshot]),
      ),
      nextSnapshotNumber,
    });
  }
}

function recordImage(key: string, record: CanisterRecord) {
  return [
    key,
    chunkList(record.chunks),
    record.changesTotal,
    new Uint8Array(IDL.encode([IDL.Vec(Change)], [record.changes])),
    record.nextSnapshotNumber,
    [...record.snapshots.values()].map(snapshotImage),
  ];
}

function snapshotImage(snapshot: Snapshot) {
  const { stable, heap } = snapshot;
  return [
    snapshot.id,
    [snapshot.takenAtNs, snapshot.canisterVersion, some(snapshot.globalTimerNs)],
    snapshot.source,
    snapshot.wasm,
    memoryImage(heap.memory),
    [Uint8Array.from(snapshot.globalTypes), heap.globals.map(globalToBytes)],
    [stable.sizePages, [...stable.entries()]],
    snapshot.certifiedData,
    chunkList(snapshot.chunks),
  ];
}

function readSnapshot(image: SnapshotImage): Snapshot {
  const [id, numbers, source, wasm, memory, globals, stable, certifiedData, chunks] = image;
  const [takenAtNs, canisterVersion, [globalTimerNs]] = numbers;
  const [stablePages, pages] = stable;
  const [globalTypes, globalValues] = globals;
  return {
    id,
    takenAtNs,
    canisterVersion,
    globalTimerNs,
    source,
    wasm,
    heap: { memory: readMemory(memory), globals: globalValues.map(globalFromBytes) },
    globalTypes: [...globalTypes],
    stable: new StableMemory(new Map(pages), stablePages),
    certifiedData,
    chunks: chunkMap(chunks),
  };
}

/** The pages that are not all zero, and the length. */
function memoryImage(memory: Uint8Array) {
  const pages: [number, Uint8Array][] = [];
  for (let at = 0; at < memory.length; at += MEMORY_PAGE_BYTES) {
    const page = memory.subarray(at, at + MEMORY_PAGE_BYTES);
    if (page.some((byte) => byte !== 0)) pages.push([at / MEMORY_PAGE_BYTES, page]);
  }
  return [memory.length, pages];
}

function readMemory([length, pages]: z.infer<typeof Memory>): Uint8Array {
  const memory = new Uint8Array(length);
  for (const [index, page] of pages) memory.set(page, index * MEMORY_PAGE_BYTES);
  return memory;
}

function chunkList(chunks: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return [...chunks.keys()].sort().flatMap((key) => chunks.get(key) ?? []);
}

function chunkMap(chunks: readonly Uint8Array[]): Map<string, Uint8Array> {
  return new Map(chunks.map((chunk) => [bytesToHex(sha256(chunk)), chunk]));
}
