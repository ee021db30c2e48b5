import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { ErrorCode, type Response } from '../src/core/types.ts';
import { sha256, utf8 } from '../src/crypto/bytes.ts';
import { CanisterStatusResult, FetchLogsResult, type WireChange } from '../src/mgmt/wire/status.ts';
import { MGMT_MODULE, withCustomSection } from './support/mgmt-module.ts';
import { ALICE, BOB, codeOf, MgmtWorld, settingsArg } from './support/mgmt-world.ts';

interface Status {
  readonly memory_size: bigint;
  readonly memory_metrics: Readonly<Record<string, bigint>>;
  readonly version: bigint;
}

interface Info {
  readonly total_num_changes: bigint;
  readonly recent_changes: readonly WireChange[];
  readonly module_hash: readonly Uint8Array[];
  readonly controllers: readonly Principal[];
}

const settingsOf = (canister_id: Principal, settings: Record<string, unknown>) => ({
  canister_id,
  settings: settingsArg(settings),
});

describe('canister_status', () => {
  it('shows everything of a fresh canister', () => {
    const world = new MgmtWorld();
    const id = world.create({ environment_variables: [{ name: 'a', value: 'b' }] }, 77n);
    expect(world.ask('canister_status', { canister_id: id })).toMatchObject({
      status: { running: null },
      ready_for_migration: false,
      version: 0n,
      module_hash: [],
      cycles: 77n,
      reserved_cycles: 0n,
      idle_cycles_burned_per_day: 0n,
      settings: {
        controllers: [ALICE],
        freezing_threshold: 2_592_000n,
        reserved_cycles_limit: 5_000_000_000_000n,
        log_visibility: { controllers: null },
        status_visibility: { controllers: null },
        snapshot_visibility: { controllers: null },
        minimum_incoming_canister_call_cycles: 0n,
        environment_variables: [{ name: 'a', value: 'b' }],
      },
    });
  });

  it('counts memory by kind, and the total is their sum', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    world.update({ canisterId: id, method: 'set', arg: Uint8Array.of(1, 0, 0, 0) });
    world.ask('upload_chunk', { canister_id: id, chunk: Uint8Array.of(1) });
    const status = world.ask('canister_status', { canister_id: id }) as Status;
    expect(status.memory_metrics).toMatchObject({
      wasm_memory_size: 65_536n,
      stable_memory_size: 65_536n,
      global_memory_size: 24n,
      wasm_binary_size: BigInt(MGMT_MODULE.length),
      wasm_chunk_store_size: 1_048_576n,
    });
    expect(status.memory_metrics['canister_history_size']).toBeGreaterThan(0n);
    const sum = Object.values(status.memory_metrics).reduce((total, part) => total + part, 0n);
    expect(status.memory_size).toBe(sum);
  });

  it('is ready for migration only when stopped', () => {
    const world = new MgmtWorld();
    const id = world.create();
    world.ask('stop_canister', { canister_id: id });
    expect(world.ask('canister_status', { canister_id: id })).toMatchObject({
      status: { stopped: null },
      ready_for_migration: true,
    });
  });

  it('is shown to the canister itself and to whom its settings name', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const arg = { canister_id: relay };
    expect(world.relay(relay, { method: 'canister_status', arg }).kind).toBe('reply');
    expect(codeOf(world.manage('canister_status', arg, BOB))).toBe(
      ErrorCode.CanisterInvalidController,
    );
    const viewers = { status_visibility: { allowed_viewers: [BOB] } };
    world.ask('update_settings', settingsOf(relay, viewers));
    expect(world.manage('canister_status', arg, BOB).kind).toBe('reply');
    expect(world.manage('canister_status', arg, Principal.anonymous()).kind).toBe('reject');
    world.ask('update_settings', settingsOf(relay, { status_visibility: { public: null } }));
    expect(world.manage('canister_status', arg, Principal.anonymous()).kind).toBe('reply');
  });

  it('answers a query alike and changes nothing by it', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    const status = world.ask('canister_status', { canister_id: id });
    const hash = world.replica.stateHash();
    const response = world.query('canister_status', { canister_id: id });
    expect(IDL.decode([CanisterStatusResult], dataOf(response))[0]).toEqual(status);
    expect(world.replica.stateHash()).toEqual(hash);
  });
});

function dataOf(response: Response): Uint8Array {
  if (response.kind === 'reject') throw new Error(response.message);
  return new Uint8Array(response.data);
}

describe('the canister version', () => {
  it('rises with every change and not by queries', () => {
    const world = new MgmtWorld();
    const id = world.create();
    const version = () => (world.ask('canister_status', { canister_id: id }) as Status).version;
    const steps = [
      () => world.ask('update_settings', settingsOf(id, {})),
      () => {
        world.install(id, MGMT_MODULE);
      },
      () => world.update({ canisterId: id, method: 'grow', arg: new Uint8Array(0) }),
      () => world.ask('stop_canister', { canister_id: id }),
      () => world.ask('start_canister', { canister_id: id }),
      () => world.ask('uninstall_code', { canister_id: id }),
    ];
    for (const step of steps) {
      const before = version();
      step();
      expect(version()).toBe(before + 1n);
      expect(version()).toBe(before + 1n);
    }
  });
});

describe('canister_info', () => {
  const info = (world: MgmtWorld, relay: Principal, id: Principal, wanted: bigint) =>
    world.relayOk(relay, {
      method: 'canister_info',
      arg: { canister_id: id, num_requested_changes: [wanted] },
    }) as Info;

  it('tells the story of a canister to any canister', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const id = world.create({ environment_variables: [{ name: 'n', value: 'v' }] });
    world.install(id, MGMT_MODULE);
    world.ask('update_settings', settingsOf(id, { controllers: [ALICE, relay] }));
    const arg = { canister_id: id, sender_canister_version: [33n] };
    world.relayOk(relay, { method: 'uninstall_code', arg });
    const story = info(world, relay, id, 20n);
    expect(story.total_num_changes).toBe(4n);
    expect(story.module_hash).toEqual([]);
    expect(story.controllers).toHaveLength(2);
    const fromAlice = { from_user: { user_id: ALICE } };
    const hash = sha256(sha256(utf8('n')), sha256(utf8('v')));
    expect(story.recent_changes).toMatchObject([
      {
        canister_version: 0n,
        origin: fromAlice,
        details: { creation: { controllers: [ALICE], environment_variables_hash: [hash] } },
      },
      {
        canister_version: 1n,
        origin: fromAlice,
        details: { code_deployment: { mode: { install: null }, module_hash: sha256(MGMT_MODULE) } },
      },
      { canister_version: 2n, details: { controllers_change: {} } },
      {
        canister_version: 3n,
        origin: { from_canister: { canister_id: relay, canister_version: [33n] } },
        details: { code_uninstall: null },
      },
    ]);
  });

  it('gives the newest changes asked for, none by default, and keeps 20', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const id = world.create();
    for (let at = 0; at < 25; at += 1) {
      world.ask('update_settings', settingsOf(id, { controllers: [ALICE] }));
    }
    expect(info(world, relay, id, 100n)).toMatchObject({ total_num_changes: 26n });
    const versions = info(world, relay, id, 100n).recent_changes.map((one) => one.canister_version);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, at) => BigInt(at + 6)));
    expect(info(world, relay, id, 1n).recent_changes[0]?.canister_version).toBe(25n);
    const call = { method: 'canister_info', arg: { canister_id: id } };
    expect((world.relayOk(relay, call) as Info).recent_changes).toEqual([]);
  });
});

describe('canister_metadata', () => {
  it('shows public sections to all and private ones to controllers', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const shown = withCustomSection(MGMT_MODULE, { name: 'icp:public a', content: utf8('A') });
    const both = withCustomSection(shown, { name: 'icp:private b', content: utf8('B') });
    const read = (id: Principal, name: string) =>
      world.relay(relay, { method: 'canister_metadata', arg: { canister_id: id, name } }).kind;
    const foreign = world.createWith(both);
    const own = world.createWith(both, { controllers: [ALICE, relay] });
    expect(['a', 'b', 'c'].map((name) => read(foreign, name))).toEqual([
      'reply',
      'reject',
      'reject',
    ]);
    expect(read(own, 'b')).toBe('reply');
  });
});

describe('fetch_canister_logs', () => {
  const logs = (response: Response) =>
    (
      IDL.decode([FetchLogsResult], dataOf(response))[0] as unknown as {
        canister_log_records: { idx: bigint; timestamp_nanos: bigint; content: Uint8Array }[];
      }
    ).canister_log_records;
  const say = (world: MgmtWorld, canisterId: Principal, text: string) =>
    world.update({ canisterId, method: 'say', arg: utf8(text) });

  it('returns prints and traps in order', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    say(world, id, 'one');
    world.update({ canisterId: id, method: 'transform_trap', arg: new Uint8Array(0) });
    const records = logs(world.query('fetch_canister_logs', { canister_id: id }));
    const texts = records.map(({ content }) => new TextDecoder().decode(content));
    expect(texts[0]).toBe('one');
    expect(texts[1]).toContain('oops');
    expect(records.map(({ idx }) => idx)).toEqual([0n, 1n]);
  });

  it('returns the range asked for', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    for (const text of ['a', 'b', 'c', 'd']) say(world, id, text);
    const all = logs(world.query('fetch_canister_logs', { canister_id: id }));
    const range = (filter: object) =>
      logs(world.query('fetch_canister_logs', { canister_id: id, filter: [filter] }));
    expect(range({ by_idx: { start: 1n, end: 3n } })).toEqual(all.slice(1, 3));
    const start = all[2]?.timestamp_nanos ?? 0n;
    expect(range({ by_timestamp_nanos: { start, end: 2n ** 63n } })).toEqual(all.slice(2));
  });

  it('is a query only, for controllers and whom the settings name', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    const relay = world.createWith(MGMT_MODULE);
    const arg = { canister_id: id };
    expect(codeOf(world.manage('fetch_canister_logs', arg))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
    expect(world.relay(relay, { method: 'fetch_canister_logs', arg }).kind).toBe('reject');
    expect(codeOf(world.query('fetch_canister_logs', arg, BOB))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
    world.ask('update_settings', settingsOf(id, { log_visibility: { public: null } }));
    expect(logs(world.query('fetch_canister_logs', arg, BOB))).toEqual([]);
  });
});
