import { IDL } from '@dfinity/candid';
import type { CanisterState } from '../core/canister-state.ts';
import { uninstallCode } from '../core/install-code.ts';
import { ErrorCode } from '../core/types.ts';
import type { Opt } from '../core/candid-opt.ts';
import { recordChange } from './history.ts';
import { canisterMethod, DONE, type MethodScene } from './method.ts';
import { Refusal } from './refusal.ts';
import {
  captureSnapshot,
  keyOfSnapshot,
  restoreSnapshot,
  type Snapshot,
  snapshotBytes,
  snapshotId,
} from './snapshot.ts';
import { CanisterIdRecord, type WireCanisterId } from './wire/lifecycle.ts';
import {
  LoadSnapshotArgs,
  SnapshotIdArgs,
  SnapshotRecord,
  TakeSnapshotArgs,
  type WireLoadSnapshot,
  type WireSnapshotId,
  type WireTakeSnapshot,
} from './wire/snapshots.ts';

const SNAPSHOTS_MAX = 10;

export const takeSnapshot = canisterMethod<WireTakeSnapshot>({
  argType: TakeSnapshotArgs,
  resultType: SnapshotRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    const { kernel, state } = scene;
    const { code } = canister;
    if (code?.kind !== 'wasm') {
      throw refused(`Failed to create snapshot for empty canister ${canister.key}`);
    }
    const snapshot = addSnapshot(scene, canister, arg.replace_snapshot, (id) =>
      captureSnapshot(canister, code, {
        id,
        takenAtNs: kernel.timeNs,
        chunks: state.of(canister).chunks,
      }),
    );
    if (arg.uninstall_code[0] === true) {
      uninstallCode(kernel, canister);
      const details = { code_uninstall: null };
      recordChange(scene, canister, { details, senderVersion: arg.sender_canister_version });
    }
    return { kind: 'reply', value: describe(snapshot) };
  },
});

/** Keeps a new snapshot, in place of `replaced` if given. Throws `Refusal` if there is no room. */
export function addSnapshot(
  scene: MethodScene,
  canister: CanisterState,
  [replaced]: Opt<Uint8Array>,
  make: (id: Uint8Array) => Snapshot,
): Snapshot {
  const record = scene.state.of(canister);
  if (replaced !== undefined) requireSnapshot(scene, canister, replaced);
  else if (record.snapshots.size >= SNAPSHOTS_MAX) {
    throw refused(
      `Canister ${canister.key} has reached the maximum number of snapshots allowed: ` +
        `${SNAPSHOTS_MAX}.`,
    );
  }
  const snapshot = make(snapshotId(canister, record.nextSnapshotNumber));
  record.nextSnapshotNumber += 1n;
  if (replaced !== undefined) record.snapshots.delete(keyOfSnapshot(replaced));
  record.snapshots.set(keyOfSnapshot(snapshot.id), snapshot);
  return snapshot;
}

export const loadSnapshot = canisterMethod<WireLoadSnapshot>({
  argType: LoadSnapshotArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    const snapshot = loadable(scene, canister, arg.snapshot_id);
    restoreSnapshot(scene.kernel, canister, snapshot);
    const { chunks } = scene.state.of(canister);
    chunks.clear();
    for (const [key, chunk] of snapshot.chunks) chunks.set(key, chunk);
    const details = {
      load_snapshot: {
        canister_version: snapshot.canisterVersion,
        snapshot_id: snapshot.id,
        taken_at_timestamp: snapshot.takenAtNs,
        source:
          snapshot.source === 'taken' ? { taken_from_canister: null } : { metadata_upload: null },
      },
    };
    recordChange(scene, canister, { details, senderVersion: arg.sender_canister_version });
    return DONE;
  },
});

/** A snapshot can be loaded only onto the canister it was taken of. */
function loadable(scene: MethodScene, canister: CanisterState, id: Uint8Array): Snapshot {
  const key = keyOfSnapshot(id);
  const isForeign = [...scene.state.records].some(
    ([owner, { snapshots }]) => owner !== canister.key && snapshots.has(key),
  );
  if (isForeign) throw refused(`The snapshot ${key} does not belong to canister ${canister.key}.`);
  return requireSnapshot(scene, canister, id);
}

export const listSnapshots = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  resultType: IDL.Vec(SnapshotRecord),
  canisterId: (arg) => arg.canister_id,
  access: 'snapshots',
  run: ({ state }, canister) => {
    const snapshots = [...state.peek(canister).snapshots.values()];
    return { kind: 'reply', value: snapshots.map(describe) };
  },
});

export const deleteSnapshot = canisterMethod<WireSnapshotId>({
  argType: SnapshotIdArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    requireSnapshot(scene, canister, arg.snapshot_id);
    scene.state.of(canister).snapshots.delete(keyOfSnapshot(arg.snapshot_id));
    return DONE;
  },
});

/** Throws `Refusal` (IC0305) unless the canister has it. */
export function requireSnapshot(
  { state }: MethodScene,
  canister: CanisterState,
  id: Uint8Array,
): Snapshot {
  const snapshot = state.peek(canister).snapshots.get(keyOfSnapshot(id));
  if (snapshot === undefined) throw snapshotNotFound(canister, id);
  return snapshot;
}

function snapshotNotFound(canister: CanisterState, id: Uint8Array): Refusal {
  return new Refusal(
    ErrorCode.CanisterSnapshotNotFound,
    `Could not find the snapshot ID ${keyOfSnapshot(id)} for canister ${canister.key}.`,
  );
}

function describe(snapshot: Snapshot): unknown {
  return {
    id: snapshot.id,
    taken_at_timestamp: snapshot.takenAtNs,
    total_size: snapshotBytes(snapshot),
  };
}

function refused(message: string): Refusal {
  return new Refusal(ErrorCode.CanisterRejectedMessage, message);
}
