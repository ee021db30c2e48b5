import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { restoreReplica } from '../src/core/create-replica.ts';
import { ErrorCode } from '../src/core/types.ts';
import { equalBytes } from '../src/crypto/bytes.ts';
import type { WireGlobal } from '../src/mgmt/wire/snapshots.ts';
import { LARGE_MODULE, MGMT_MODULE, withCustomSection } from './support/mgmt-module.ts';
import { ALICE, BOB, codeOf, MgmtWorld, REPLICA_OPTIONS } from './support/mgmt-world.ts';

interface Snapshot {
  readonly id: Uint8Array;
  readonly taken_at_timestamp: bigint;
  readonly total_size: bigint;
}

interface Metadata {
  readonly source: object;
  readonly wasm_module_size: bigint;
  readonly globals: readonly WireGlobal[];
  readonly wasm_memory_size: bigint;
  readonly stable_memory_size: bigint;
  readonly wasm_chunk_store: readonly { readonly hash: Uint8Array }[];
  readonly certified_data: Uint8Array;
  readonly global_timer: readonly object[];
}

const OTHER_MODULE = withCustomSection(MGMT_MODULE, { name: 'x', content: Uint8Array.of(1) });
const MAX_SLICE = 2_000_000;

function set(world: MgmtWorld, canisterId: Principal, value: number): void {
  world.update({ canisterId, method: 'set', arg: Uint8Array.of(value, 0, 0, 0) });
}

/** Stable memory, global and heap as the canister sees them, and the sign of its -0. */
function get(world: MgmtWorld, canisterId: Principal): readonly number[] {
  const arg = new Uint8Array(0);
  const response = world.replica.query({ sender: ALICE, canisterId, method: 'get', arg });
  if (response.kind === 'reject') throw new Error(response.message);
  const view = new DataView(response.data.buffer, response.data.byteOffset);
  return [...[0, 4, 8].map((at) => view.getUint32(at, true)), view.getFloat64(12, true)];
}

function take(world: MgmtWorld, canister_id: Principal, replace?: Uint8Array): Snapshot {
  const replace_snapshot = replace === undefined ? [] : [replace];
  return world.ask('take_canister_snapshot', { canister_id, replace_snapshot }) as Snapshot;
}

function list(world: MgmtWorld, canister_id: Principal): readonly Snapshot[] {
  return world.ask('list_canister_snapshots', { canister_id }) as Snapshot[];
}

function populated(module = MGMT_MODULE): { world: MgmtWorld; id: Principal } {
  const world = new MgmtWorld();
  const id = world.createWith(module);
  set(world, id, 5);
  return { world, id };
}

describe('canister snapshots', () => {
  it('bring back code, heap, globals, stable memory, certified data and chunks', () => {
    const { world, id } = populated();
    world.ask('upload_chunk', { canister_id: id, chunk: Uint8Array.of(1) });
    const hash = world.replica.canister(id)?.moduleHash;
    const snapshot = take(world, id);
    world.install(id, OTHER_MODULE, { upgrade: [] });
    set(world, id, 9);
    world.update({ canisterId: id, method: 'grow', arg: new Uint8Array(0) });
    world.ask('clear_chunk_store', { canister_id: id });
    world.ask('load_canister_snapshot', { canister_id: id, snapshot_id: snapshot.id });
    expect(get(world, id)).toEqual([5, 5, 5, -0]);
    expect(world.replica.canister(id)?.moduleHash).toEqual(hash);
    expect(world.replica.canister(id)?.certifiedData).toEqual(Uint8Array.of(5, 0, 0, 0));
    expect(world.ask('stored_chunks', { canister_id: id })).toHaveLength(1);
  });

  it('can be loaded twice: what the canister does after does not reach into them', () => {
    const { world, id } = populated();
    const snapshot_id = take(world, id).id;
    for (const value of [7, 8]) {
      world.ask('load_canister_snapshot', { canister_id: id, snapshot_id });
      expect(get(world, id)).toEqual([5, 5, 5, -0]);
      set(world, id, value);
      expect(get(world, id)).toEqual([value, value, value, -0]);
    }
  });

  it('revive an uninstalled canister and are told in its history', () => {
    const { world, id } = populated();
    const relay = world.createWith(MGMT_MODULE);
    const snapshot = take(world, id);
    world.ask('uninstall_code', { canister_id: id });
    world.ask('load_canister_snapshot', { canister_id: id, snapshot_id: snapshot.id });
    expect(get(world, id)).toEqual([5, 5, 5, -0]);
    const arg = { canister_id: id, num_requested_changes: [1n] };
    expect(world.relayOk(relay, { method: 'canister_info', arg })).toMatchObject({
      recent_changes: [
        {
          details: {
            load_snapshot: {
              canister_version: 2n,
              snapshot_id: snapshot.id,
              taken_at_timestamp: snapshot.taken_at_timestamp,
              source: { taken_from_canister: null },
            },
          },
        },
      ],
    });
  });

  it('can uninstall the code they are taken of', () => {
    const { world, id } = populated();
    world.ask('take_canister_snapshot', { canister_id: id, uninstall_code: [true] });
    expect(world.replica.canister(id)?.moduleHash).toBeUndefined();
    expect(list(world, id)).toHaveLength(1);
  });

  it('are at most ten; one can take the place of another', () => {
    const { world, id } = populated();
    const first = take(world, id);
    for (let at = 1; at < 10; at += 1) take(world, id);
    const arg = { canister_id: id };
    expect(codeOf(world.manage('take_canister_snapshot', arg))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
    const eleventh = take(world, id, first.id);
    const ids = list(world, id).map((one) => one.id);
    expect(ids).toHaveLength(10);
    expect(ids).toContainEqual(eleventh.id);
    expect(ids).not.toContainEqual(first.id);
  });

  it('are gone once deleted', () => {
    const { world, id } = populated();
    const arg = { canister_id: id, snapshot_id: take(world, id).id };
    world.ask('delete_canister_snapshot', arg);
    for (const method of ['delete_canister_snapshot', 'load_canister_snapshot']) {
      expect(codeOf(world.manage(method, arg))).toBe(ErrorCode.CanisterSnapshotNotFound);
    }
  });

  it('belong to one canister', () => {
    const { world, id } = populated();
    const other = world.createWith(MGMT_MODULE);
    const arg = { canister_id: other, snapshot_id: take(world, id).id };
    expect(codeOf(world.manage('load_canister_snapshot', arg))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
  });

  it('need code, and are listed to whom the settings name', () => {
    const world = new MgmtWorld();
    const id = world.create({ snapshot_visibility: { allowed_viewers: [BOB] } });
    const arg = { canister_id: id };
    expect(codeOf(world.manage('take_canister_snapshot', arg))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
    expect(world.manage('list_canister_snapshots', arg, BOB).kind).toBe('reply');
    expect(codeOf(world.manage('take_canister_snapshot', arg, BOB))).toBe(
      ErrorCode.CanisterInvalidController,
    );
  });
});

/** Reads a whole snapshot part in slices, as a client must. */
function download(
  world: MgmtWorld,
  of: { id: Principal; from: Uint8Array },
  kind: string,
  size: bigint,
) {
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < Number(size); offset += MAX_SLICE) {
    const length = Math.min(MAX_SLICE, Number(size) - offset);
    const { chunk } = world.ask('read_canister_snapshot_data', {
      canister_id: of.id,
      snapshot_id: of.from,
      kind: { [kind]: { offset: BigInt(offset), size: BigInt(length) } },
    }) as { chunk: Uint8Array };
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function upload(
  world: MgmtWorld,
  to: { id: Principal; snapshot_id: Uint8Array },
  kind: string,
  bytes: Uint8Array,
) {
  const step = 1_000_000;
  for (let at = 0; at < bytes.length; at += step) {
    world.ask('upload_canister_snapshot_data', {
      canister_id: to.id,
      snapshot_id: to.snapshot_id,
      kind: { [kind]: { offset: BigInt(at) } },
      chunk: bytes.slice(at, at + step),
    });
  }
}

function metadataOf(world: MgmtWorld, canister_id: Principal, snapshot_id: Uint8Array): Metadata {
  return world.ask('read_canister_snapshot_metadata', { canister_id, snapshot_id }) as Metadata;
}

describe('moving a snapshot', () => {
  it('read from one canister and uploaded to another makes a copy that runs', () => {
    const { world, id } = populated(LARGE_MODULE);
    world.ask('upload_chunk', { canister_id: id, chunk: Uint8Array.of(1) });
    const from = take(world, id).id;
    const metadata = metadataOf(world, id, from);
    expect(metadata).toMatchObject({
      source: { taken_from_canister: null },
      globals: [{ i32: 5 }, { f64: -0 }, { i64: 7n }],
      global_timer: [{ inactive: null }],
    });
    const copy = world.create();
    const { snapshot_id } = world.ask('upload_canister_snapshot_metadata', {
      ...metadata,
      canister_id: copy,
    }) as { snapshot_id: Uint8Array };
    const parts = [
      ['wasm_module', metadata.wasm_module_size],
      ['wasm_memory', metadata.wasm_memory_size],
      ['stable_memory', metadata.stable_memory_size],
    ] as const;
    for (const [kind, size] of parts) {
      const bytes = download(world, { id, from }, kind, size);
      upload(world, { id: copy, snapshot_id }, kind, new Uint8Array(bytes));
    }
    const [{ hash } = { hash: new Uint8Array(0) }] = metadata.wasm_chunk_store;
    const { chunk } = world.ask('read_canister_snapshot_data', {
      canister_id: id,
      snapshot_id: from,
      kind: { wasm_chunk: { hash } },
    }) as { chunk: Uint8Array };
    const kind = { wasm_chunk: null };
    world.ask('upload_canister_snapshot_data', { canister_id: copy, snapshot_id, kind, chunk });
    world.ask('load_canister_snapshot', { canister_id: copy, snapshot_id });
    expect(get(world, copy)).toEqual([5, 5, 5, -0]);
    expect(world.ask('stored_chunks', { canister_id: copy })).toHaveLength(1);
    expect(metadataOf(world, copy, snapshot_id)).toMatchObject({
      source: { metadata_upload: null },
      globals: metadata.globals,
    });
  });

  it('refuses slices outside the data', () => {
    const { world, id } = populated(LARGE_MODULE);
    const snapshot_id = take(world, id).id;
    const size = metadataOf(world, id, snapshot_id).wasm_memory_size;
    for (const slice of [
      { offset: size, size: 1n },
      { offset: 2n ** 63n, size: 0n },
      { offset: 0n, size: BigInt(MAX_SLICE) + 1n },
    ]) {
      const arg = { canister_id: id, snapshot_id, kind: { wasm_memory: slice } };
      expect(codeOf(world.manage('read_canister_snapshot_data', arg))).toBe(
        ErrorCode.InvalidManagementPayload,
      );
    }
  });

  it('does not write into a taken snapshot', () => {
    const { world, id } = populated();
    const snapshot_id = take(world, id).id;
    const kind = { wasm_memory: { offset: 0n } };
    const arg = { canister_id: id, snapshot_id, kind, chunk: Uint8Array.of(1) };
    expect(codeOf(world.manage('upload_canister_snapshot_data', arg))).toBe(
      ErrorCode.CanisterSnapshotImmutable,
    );
  });

  const blank = {
    wasm_module_size: BigInt(MGMT_MODULE.length),
    globals: [{ i32: 0 }, { f64: 0 }, { i64: 0n }],
    wasm_memory_size: 65_536n,
    stable_memory_size: 0n,
    certified_data: new Uint8Array(0),
  };

  it.each([
    ['no module', blank, new Uint8Array(0), ErrorCode.CanisterInvalidWasm],
    ['other globals', { ...blank, globals: [] }, MGMT_MODULE, ErrorCode.InvalidManagementPayload],
    [
      'globals of other types',
      { ...blank, globals: [{ i64: 0n }, { f64: 0 }, { i64: 0n }] },
      MGMT_MODULE,
      ErrorCode.InvalidManagementPayload,
    ],
    [
      'too little memory',
      { ...blank, wasm_memory_size: 0n },
      MGMT_MODULE,
      ErrorCode.InvalidManagementPayload,
    ],
  ])('does not load an upload with %s', (_what, metadata, wasm, code) => {
    const { world, id } = populated();
    const { snapshot_id } = world.ask('upload_canister_snapshot_metadata', {
      ...metadata,
      canister_id: id,
    }) as { snapshot_id: Uint8Array };
    upload(world, { id, snapshot_id }, 'wasm_module', wasm);
    const arg = { canister_id: id, snapshot_id };
    expect(codeOf(world.manage('load_canister_snapshot', arg))).toBe(code);
    expect(get(world, id)).toEqual([5, 5, 5, -0]);
  });

  it.each([
    ['memory in part of a page', { wasm_memory_size: 1n }],
    ['too much memory', { wasm_memory_size: 2n ** 33n }],
    ['too much stable memory', { stable_memory_size: 2n ** 60n }],
    ['a large module', { wasm_module_size: 2n ** 40n }],
    ['much certified data', { certified_data: new Uint8Array(33) }],
  ])('does not open an upload with %s', (_what, fields) => {
    const { world, id } = populated();
    const arg = { ...blank, ...fields, canister_id: id };
    expect(codeOf(world.manage('upload_canister_snapshot_metadata', arg))).toBe(
      ErrorCode.InvalidManagementPayload,
    );
  });
});

describe('persistence', () => {
  it('brings back chunks, history and snapshots, and saves to the same bytes', () => {
    const { world, id } = populated();
    world.ask('upload_chunk', { canister_id: id, chunk: Uint8Array.of(1, 2) });
    const snapshot_id = take(world, id).id;
    set(world, id, 9);
    const bytes = world.replica.snapshot();
    const restored = new MgmtWorld(
      restoreReplica(REPLICA_OPTIONS, bytes, () => undefined),
      1_000,
    );
    expect(restored.replica.stateHash()).toEqual(world.replica.stateHash());
    expect(equalBytes(restored.replica.snapshot(), bytes)).toBe(true);
    expect(restored.ask('stored_chunks', { canister_id: id })).toHaveLength(1);
    expect(list(restored, id)).toEqual(list(world, id));
    restored.ask('load_canister_snapshot', { canister_id: id, snapshot_id });
    expect(get(restored, id)).toEqual([5, 5, 5, -0]);
  });
});
