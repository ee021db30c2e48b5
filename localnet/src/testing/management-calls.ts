import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../core/candid-opt.ts';
import { some } from '../core/candid-opt.ts';
import {
  CanisterIdRecord,
  InstallCodeArgs,
  ProvisionalCreateArgs,
  type WireInstallCode,
  type WireInstallMode,
  type WireProvisionalCreate,
} from '../mgmt/wire/lifecycle.ts';
import type { WireSettings } from '../mgmt/wire/settings.ts';
import { compileModule, type CompiledModule } from '../wasm/compile.ts';

const NO_SETTINGS: WireSettings = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  log_memory_limit: [],
  minimum_incoming_canister_call_cycles: [],
  log_visibility: [],
  snapshot_visibility: [],
  status_visibility: [],
  environment_variables: [],
};

export function createArg(create: {
  readonly id: Principal | undefined;
  readonly controllers: readonly Principal[];
  readonly cycles: bigint;
}): Uint8Array {
  const value: WireProvisionalCreate = {
    amount: [create.cycles],
    settings: [{ ...NO_SETTINGS, controllers: [[...create.controllers]] }],
    specified_id: some(create.id),
    sender_canister_version: [],
  };
  return new Uint8Array(IDL.encode([ProvisionalCreateArgs], [value]));
}

export function readCreated(reply: Uint8Array): Principal {
  const [record] = IDL.decode([CanisterIdRecord], new Uint8Array(reply));
  return (record as unknown as { readonly canister_id: Principal }).canister_id;
}

export function canisterIdArg(canisterId: Principal): Uint8Array {
  return new Uint8Array(IDL.encode([CanisterIdRecord], [{ canister_id: canisterId }]));
}

export function installArg(code: {
  readonly canisterId: Principal;
  readonly mode: WireInstallMode;
  readonly wasm: Uint8Array;
  readonly arg: Uint8Array | undefined;
}): Uint8Array {
  const value: WireInstallCode = {
    mode: code.mode,
    canister_id: code.canisterId,
    wasm_module: code.wasm,
    arg: code.arg ?? new Uint8Array(IDL.encode([], [])),
    sender_canister_version: [],
  };
  return new Uint8Array(IDL.encode([InstallCodeArgs], [value]));
}

export function upgradeMode(skipPreUpgrade: boolean): WireInstallMode {
  const skip: Opt<boolean> = skipPreUpgrade ? [true] : [];
  return { upgrade: [{ skip_pre_upgrade: skip, wasm_memory_persistence: [] }] };
}

const seen = new WeakSet<Uint8Array>();
const kept = new Set<CompiledModule>();

/** Keeps a valid module compiled for the whole process, however many worlds come and go. */
export function keepCompiled(wasm: Uint8Array): void {
  if (seen.has(wasm)) return;
  kept.add(compileModule(wasm));
  seen.add(wasm);
}
