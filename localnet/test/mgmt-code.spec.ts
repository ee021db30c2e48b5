import { gzipSync } from 'node:zlib';
import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { ErrorCode, type Response } from '../src/core/types.ts';
import { sha256 } from '../src/crypto/bytes.ts';
import { wat } from './support/kernel-world.ts';
import { MGMT_MODULE, withCustomSection } from './support/mgmt-module.ts';
import { ALICE, BOB, codeOf, installArg, MgmtWorld } from './support/mgmt-world.ts';

const OTHER_MODULE = withCustomSection(MGMT_MODULE, { name: 'x', content: Uint8Array.of(1) });
const UPGRADE = { upgrade: [] };
const NO_ARG = new Uint8Array(0);
const BAD_ARG = Uint8Array.of(1);

function hashOf(world: MgmtWorld, id: Principal): Uint8Array | undefined {
  return world.replica.canister(id)?.moduleHash;
}

function set(world: MgmtWorld, canisterId: Principal, value: number): Response {
  return world.update({ canisterId, method: 'set', arg: Uint8Array.of(value, 0, 0, 0) });
}

/** Where the canister still finds what `set` wrote: stable memory, global, heap. */
function get(world: MgmtWorld, canisterId: Principal): readonly number[] {
  const response = world.replica.query({ sender: ALICE, canisterId, method: 'get', arg: NO_ARG });
  if (response.kind === 'reject') throw new Error(response.message);
  const view = new DataView(response.data.buffer, response.data.byteOffset);
  return [0, 4, 8].map((at) => view.getUint32(at, true));
}

describe('install_code', () => {
  it('installs a raw or gzipped module under the hash of the bytes sent', () => {
    const world = new MgmtWorld();
    for (const wasm of [MGMT_MODULE, new Uint8Array(gzipSync(MGMT_MODULE))]) {
      const id = world.createWith(wasm);
      expect(hashOf(world, id)).toEqual(sha256(wasm));
      expect(set(world, id, 5).kind).toBe('reply');
    }
  });

  it('refuses to install over code', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    const response = world.manage('install_code', installArg(id, OTHER_MODULE));
    expect(codeOf(response)).toBe(ErrorCode.CanisterNonEmpty);
    expect(hashOf(world, id)).toEqual(sha256(MGMT_MODULE));
  });

  it('keeps stable memory and makes a fresh heap on upgrade', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    set(world, id, 5);
    world.install(id, OTHER_MODULE, UPGRADE);
    expect(get(world, id)).toEqual([5, 0, 0]);
  });

  it('empties everything on reinstall, the log too', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    set(world, id, 5);
    world.update({ canisterId: id, method: 'say', arg: Uint8Array.of(65) });
    world.install(id, OTHER_MODULE, { reinstall: null });
    expect(world.replica.canister(id)?.stableMemory()).toHaveLength(0);
    expect(world.replica.canister(id)?.certifiedData).toHaveLength(0);
    const logs = world.query('fetch_canister_logs', { canister_id: id });
    expect(logs).toEqual(
      world.query('fetch_canister_logs', { canister_id: world.createWith(MGMT_MODULE) }),
    );
  });

  it.each([
    ['install', { install: null }],
    ['reinstall', { reinstall: null }],
    ['upgrade', UPGRADE],
  ])('is atomic: a trap in %s leaves the canister as it was', (name, mode) => {
    const world = new MgmtWorld();
    const id = name === 'install' ? world.create() : world.createWith(MGMT_MODULE);
    if (name !== 'install') set(world, id, 5);
    const before = world.replica.canister(id);
    const response = world.manage('install_code', installArg(id, OTHER_MODULE, mode, BAD_ARG));
    expect(codeOf(response)).toBe(ErrorCode.CanisterCalledTrap);
    expect(hashOf(world, id)).toEqual(before?.moduleHash);
    if (name !== 'install') expect(get(world, id)).toEqual([5, 5, 5]);
  });

  it('skips pre_upgrade only when asked', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    set(world, id, 13);
    const stuck = world.manage('install_code', installArg(id, OTHER_MODULE, UPGRADE));
    expect(codeOf(stuck)).toBe(ErrorCode.CanisterCalledTrap);
    const options = { skip_pre_upgrade: [true], wasm_memory_persistence: [] };
    world.install(id, OTHER_MODULE, { upgrade: [options] });
    expect(hashOf(world, id)).toEqual(sha256(OTHER_MODULE));
  });

  it('has no upgrade of an empty canister', () => {
    const world = new MgmtWorld();
    const response = world.manage('install_code', installArg(world.create(), MGMT_MODULE, UPGRADE));
    expect(codeOf(response)).toBe(ErrorCode.CanisterWasmModuleNotFound);
  });

  it('refuses to keep a heap it cannot keep', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    const keep = { skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] };
    const response = world.manage('install_code', installArg(id, MGMT_MODULE, { upgrade: [keep] }));
    expect(codeOf(response)).toBe(ErrorCode.CanisterContractViolation);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['garbage', Uint8Array.of(1, 2, 3)],
    ['half a module', MGMT_MODULE.slice(0, MGMT_MODULE.length / 2)],
    ['half a gzip', new Uint8Array(gzipSync(MGMT_MODULE)).slice(0, 40)],
    ['a foreign import', wat('(module (import "env" "evil" (func)))')],
    [
      'two exports of a method',
      wat(
        `(module (func $f)
          (export "canister_update a" (func $f))
          (export "canister_query a" (func $f)))`,
      ),
    ],
  ])('refuses %s as a module', (_what, wasm) => {
    const world = new MgmtWorld();
    const id = world.create();
    expect(codeOf(world.manage('install_code', installArg(id, wasm)))).toBe(
      ErrorCode.CanisterInvalidWasm,
    );
    expect(hashOf(world, id)).toBeUndefined();
  });

  it('is for controllers, and a canister may be one', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const id = world.create({ controllers: [relay] });
    const refused = world.manage('install_code', installArg(id, MGMT_MODULE), BOB);
    expect(codeOf(refused)).toBe(ErrorCode.CanisterInvalidController);
    const arg = installArg(id, wat('(module)'));
    world.relayOk(relay, { method: 'install_code', arg });
    expect(hashOf(world, id)).toEqual(sha256(wat('(module)')));
  });
});

describe('uninstall_code', () => {
  it('empties the canister and keeps settings and cycles', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    set(world, id, 5);
    const cycles = world.cycles(id);
    world.ask('uninstall_code', { canister_id: id });
    expect(hashOf(world, id)).toBeUndefined();
    expect(world.replica.canister(id)?.stableMemory()).toHaveLength(0);
    expect(world.cycles(id)).toBe(cycles);
    expect(world.replica.canister(id)?.controllers).toEqual([ALICE]);
    expect(codeOf(set(world, id, 1))).toBe(ErrorCode.CanisterWasmModuleNotFound);
  });
});

describe('the chunk store', () => {
  const chunks = [MGMT_MODULE.slice(0, 100), MGMT_MODULE.slice(100)];
  const upload = (world: MgmtWorld, canister_id: Principal, chunk: Uint8Array, sender = ALICE) =>
    world.manage('upload_chunk', { canister_id, chunk }, sender);
  const chunked = (target_canister: Principal, fields: Record<string, unknown> = {}) => ({
    mode: { install: null },
    target_canister,
    chunk_hashes_list: chunks.map((chunk) => ({ hash: sha256(chunk) })),
    wasm_module_hash: sha256(MGMT_MODULE),
    arg: NO_ARG,
    ...fields,
  });

  it('keeps each chunk once, lists and clears them', () => {
    const world = new MgmtWorld();
    const id = world.create();
    for (const chunk of [...chunks, ...chunks]) upload(world, id, chunk);
    const stored = world.ask('stored_chunks', { canister_id: id }) as { hash: Uint8Array }[];
    const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
    expect(stored.map(({ hash }) => hex(hash)).sort()).toEqual(
      chunks.map((chunk) => hex(sha256(chunk))).sort(),
    );
    world.ask('clear_chunk_store', { canister_id: id });
    expect(world.ask('stored_chunks', { canister_id: id })).toEqual([]);
  });

  it('installs a module from its own chunks or those of another canister', () => {
    const world = new MgmtWorld();
    const store = world.create();
    for (const chunk of chunks) upload(world, store, chunk);
    const target = world.create();
    world.ask('install_chunked_code', chunked(target, { store_canister: [store] }));
    world.ask('install_chunked_code', chunked(store));
    expect(hashOf(world, target)).toEqual(sha256(MGMT_MODULE));
    expect(hashOf(world, store)).toEqual(sha256(MGMT_MODULE));
  });

  it('does not lend chunks to who may not see them', () => {
    const world = new MgmtWorld();
    const store = world.create({ controllers: [BOB] });
    for (const chunk of chunks) upload(world, store, chunk, BOB);
    const arg = chunked(world.create(), { store_canister: [store] });
    expect(codeOf(world.manage('install_chunked_code', arg))).toBe(
      ErrorCode.CanisterInvalidController,
    );
  });

  it.each([
    ['a missing chunk', { chunk_hashes_list: [{ hash: new Uint8Array(32) }] }],
    ['another hash', { wasm_module_hash: new Uint8Array(32) }],
    ['a hash of the wrong length', { wasm_module_hash: Uint8Array.of(1) }],
  ])('refuses %s', (_what, fields) => {
    const world = new MgmtWorld();
    const id = world.create();
    for (const chunk of chunks) upload(world, id, chunk);
    expect(codeOf(world.manage('install_chunked_code', chunked(id, fields)))).toBe(
      ErrorCode.CanisterContractViolation,
    );
    expect(hashOf(world, id)).toBeUndefined();
  });

  it('takes a chunk of 1 MiB and not a byte more', () => {
    const world = new MgmtWorld();
    const id = world.create();
    expect(upload(world, id, new Uint8Array(1024 * 1024)).kind).toBe('reply');
    expect(codeOf(upload(world, id, new Uint8Array(1024 * 1024 + 1)))).toBe(
      ErrorCode.CanisterContractViolation,
    );
  });

  it('holds 100 chunks', () => {
    const world = new MgmtWorld();
    const id = world.create();
    for (let at = 0; at < 100; at += 1) upload(world, id, Uint8Array.of(at));
    expect(codeOf(upload(world, id, Uint8Array.of(100)))).toBe(ErrorCode.CanisterContractViolation);
    expect(upload(world, id, Uint8Array.of(99)).kind).toBe('reply');
  });

  it('is open to the canister itself', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const arg = { canister_id: relay, chunk: Uint8Array.of(1) };
    world.relayOk(relay, { method: 'upload_chunk', arg });
    expect(codeOf(upload(world, relay, Uint8Array.of(2), BOB))).toBe(
      ErrorCode.CanisterInvalidController,
    );
  });
});
