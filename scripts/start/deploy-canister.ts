import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { managementActor, type InstallMode } from './management.ts';

const INITIAL_CYCLES = 100_000_000_000_000n;

export type DeployAction = 'installed' | 'upgraded' | 'unchanged';

export interface DeployOptions {
  readonly agent: HttpAgent;
  readonly canisterId: Principal;
  readonly wasmFile: string;
}

export async function createCanister(agent: HttpAgent): Promise<Principal> {
  const management = managementActor(agent);
  const created = await management.provisional_create_canister_with_cycles({
    amount: [INITIAL_CYCLES],
    settings: [],
  });
  return created.canister_id;
}

/** Brings a canister to the module in `wasmFile`: installs, upgrades with its state, or nothing. */
export async function deployCanister(options: DeployOptions): Promise<DeployAction> {
  const { agent, canisterId, wasmFile } = options;
  const wasm = new Uint8Array(readFileSync(wasmFile));
  const management = managementActor(agent, canisterId);
  const {
    module_hash: [installed],
  } = await management.canister_status({ canister_id: canisterId });
  if (installed !== undefined && isSame(installed, sha256(wasm))) return 'unchanged';

  const mode: InstallMode = installed === undefined ? { install: null } : { upgrade: [] };
  const arg = new Uint8Array(IDL.encode([], []));
  await management.install_code({ mode, canister_id: canisterId, wasm_module: wasm, arg });
  return installed === undefined ? 'installed' : 'upgraded';
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
