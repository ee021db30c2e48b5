import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import type { CanisterState } from '../core/canister-state.ts';
import { isFrozen } from '../core/cycles-cost.ts';
import { installCode, type InstallMode, uninstallCode } from '../core/install-code.ts';
import { outOfCycles } from '../core/refusals.ts';
import { ErrorCode } from '../core/types.ts';
import { equalBytes, sha256 } from '../crypto/bytes.ts';
import type { Opt } from '../core/candid-opt.ts';
import { chunkStoreError } from './chunk-methods.ts';
import { recordChange } from './history.ts';
import {
  type Answer,
  assertAccess,
  canisterMethod,
  DONE,
  findCanister,
  type MethodScene,
} from './method.ts';
import { invalidPayload, Refusal } from './refusal.ts';
import {
  InstallChunkedCodeArgs,
  InstallCodeArgs,
  UninstallCodeArgs,
  type WireInstallChunkedCode,
  type WireInstallCode,
  type WireInstallMode,
  type WireUninstall,
} from './wire/lifecycle.ts';

const EOP_SECTION = 'enhanced-orthogonal-persistence';

export const install = canisterMethod<WireInstallCode>({
  argType: InstallCodeArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => runInstall(scene, canister, { ...arg, wasm: arg.wasm_module }),
});

export const installChunked = canisterMethod<WireInstallChunkedCode>({
  argType: InstallChunkedCodeArgs,
  canisterId: (arg) => arg.target_canister,
  access: 'controllers',
  run: (scene, canister, arg) =>
    runInstall(scene, canister, { ...arg, wasm: assemble(scene, canister, arg) }),
});

function assemble(
  scene: MethodScene,
  target: CanisterState,
  arg: WireInstallChunkedCode,
): Uint8Array {
  const [storeId] = arg.store_canister;
  const store = storeId === undefined ? target : findCanister(scene.kernel, storeId);
  assertAccess(store, scene.call.caller, 'self');
  const { chunks } = scene.state.peek(store);
  const parts = arg.chunk_hashes_list.map(({ hash }) => {
    const key = bytesToHex(new Uint8Array(hash));
    const chunk = chunks.get(key);
    if (chunk === undefined) throw chunkStoreError(`Chunk hash ${key} was not found`);
    return chunk;
  });
  const wasm = concatBytes(...parts);
  const hash = sha256(wasm);
  if (!equalBytes(hash, new Uint8Array(arg.wasm_module_hash))) {
    throw chunkStoreError(
      `Wasm module hash ${bytesToHex(hash)} does not match given hash ` +
        bytesToHex(new Uint8Array(arg.wasm_module_hash)),
    );
  }
  return wasm;
}

function runInstall(
  scene: MethodScene,
  canister: CanisterState,
  request: {
    mode: WireInstallMode;
    wasm: Uint8Array;
    arg: Uint8Array;
    sender_canister_version: Opt<bigint>;
  },
): Answer {
  const { kernel, call } = scene;
  if (isFrozen(canister)) return outOfCycles(canister);
  const { mode, skipPreUpgrade } = modeOf(canister, request.mode);
  const { wasm, arg } = request;
  const logsBefore = canister.logs;
  if (mode === 'reinstall') canister.logs = [];
  const failure = installCode(kernel, {
    canister,
    mode,
    skipPreUpgrade,
    wasm,
    arg,
    sender: call.caller,
  });
  if (failure !== undefined) {
    if (mode === 'reinstall') canister.logs = [...logsBefore, ...canister.logs];
    return failure;
  }
  recordChange(scene, canister, {
    details: { code_deployment: { mode: { [mode]: null }, module_hash: sha256(wasm) } },
    senderVersion: request.sender_canister_version,
  });
  return DONE;
}

function modeOf(
  canister: CanisterState,
  wire: WireInstallMode,
): { mode: InstallMode; skipPreUpgrade: boolean } {
  if ('install' in wire) return { mode: 'install', skipPreUpgrade: false };
  if ('reinstall' in wire) return { mode: 'reinstall', skipPreUpgrade: false };
  const [options] = wire.upgrade;
  const persistence = options?.wasm_memory_persistence[0];
  checkPersistence(canister, persistence);
  return { mode: 'upgrade', skipPreUpgrade: options?.skip_pre_upgrade[0] ?? false };
}

/** Modules that keep their heap over upgrades need memory64, which this platform cannot run. */
function checkPersistence(
  canister: CanisterState,
  persistence: { readonly keep: null } | { readonly replace: null } | undefined,
): void {
  const { code } = canister;
  const keepsHeap =
    code?.kind === 'wasm' && code.compiled.metadata.some(({ name }) => name === EOP_SECTION);
  if (keepsHeap && persistence === undefined) {
    throw new Refusal(
      ErrorCode.CanisterContractViolation,
      'Missing upgrade option: Enhanced orthogonal persistence requires the ' +
        '`wasm_memory_persistence` upgrade option.',
    );
  }
  if (persistence !== undefined && 'keep' in persistence) {
    throw new Refusal(
      ErrorCode.CanisterContractViolation,
      'Invalid upgrade option: `wasm_memory_persistence: opt keep` needs enhanced orthogonal ' +
        'persistence, which localnet does not support.',
    );
  }
}

export const uninstall = canisterMethod<WireUninstall>({
  argType: UninstallCodeArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    if (canister.code?.kind === 'native') {
      throw invalidPayload(`Canister ${canister.key} is part of localnet and has no Wasm code.`);
    }
    uninstallCode(scene.kernel, canister);
    scene.state.of(canister).chunks.clear();
    recordChange(scene, canister, {
      details: { code_uninstall: null },
      senderVersion: arg.sender_canister_version,
    });
    return DONE;
  },
});
