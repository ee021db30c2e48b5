import type { Principal } from '@dfinity/principal';
import { compileModule, type CompiledModule } from '../wasm/compile.ts';
import { InvalidWasmError } from '../wasm/cursor.ts';
import type { CanisterState } from './canister-state.ts';
import type { ExecutionInput } from './execution.ts';
import type { Kernel } from './kernel.ts';
import { reportExecution, trapReject } from './reporting.ts';
import { closeIfDone } from './close-context.ts';
import { StableMemory } from './stable-memory.ts';
import { CanisterTrap } from './trap.ts';
import { ErrorCode, type Reject, reject } from './types.ts';
import { WasmRunner } from './wasm-runner.ts';

export type InstallMode = 'install' | 'reinstall' | 'upgrade';

export interface InstallRequest {
  readonly canister: CanisterState;
  readonly mode: InstallMode;
  readonly skipPreUpgrade: boolean;
  readonly wasm: Uint8Array;
  readonly arg: Uint8Array;
  readonly sender: Principal;
}

/**
 * Installs, reinstalls or upgrades code. Atomic (I8): on any failure, also of post_upgrade, the
 * canister is exactly as before. Returns undefined on success.
 */
export function installCode(kernel: Kernel, request: InstallRequest): Reject | undefined {
  const { canister, mode, wasm } = request;
  if (mode === 'install' && canister.code !== undefined) {
    return reject(
      ErrorCode.CanisterNonEmpty,
      `Canister ${canister.key} cannot be installed because the canister is not empty. Try ` +
        'installing with mode=reinstall instead.',
    );
  }
  if (mode === 'upgrade' && canister.code === undefined) {
    return reject(
      ErrorCode.CanisterWasmModuleNotFound,
      `Error from Canister ${canister.key}: The canister contains no Wasm module to upgrade.`,
    );
  }
  const compiled = compile(canister, wasm);
  if ('kind' in compiled) return compiled;
  const undo = checkpoint(canister);
  try {
    if (mode === 'upgrade') runPreUpgrade(kernel, request);
    runInstall(kernel, request, compiled);
  } catch (error) {
    undo();
    if (error instanceof CanisterTrap) return trapReject(canister, error);
    throw error;
  }
  canister.version += 1n;
  kernel.version += 1n;
  return undefined;
}

/** Removes code and state; every open call is rejected and its callbacks will not run. */
export function uninstallCode(kernel: Kernel, canister: CanisterState): void {
  canister.code = undefined;
  canister.stable = new StableMemory();
  canister.certifiedData = new Uint8Array(0);
  canister.globalTimerNs = 0n;
  canister.logs = [];
  canister.version += 1n;
  kernel.version += 1n;
  for (const context of [...canister.contexts.values()]) {
    context.isDeleted = true;
    if (!context.hasResponded) {
      kernel.respondContext(
        context,
        reject(ErrorCode.CanisterRejectedMessage, 'Canister has been uninstalled.'),
      );
    }
    closeIfDone(kernel, canister, context);
  }
}

function compile(canister: CanisterState, wasm: Uint8Array): CompiledModule | Reject {
  try {
    return compileModule(wasm);
  } catch (error) {
    if (!(error instanceof InvalidWasmError)) throw error;
    return reject(
      ErrorCode.CanisterInvalidWasm,
      `Error from Canister ${canister.key}: Canister's Wasm module is not valid: ${error.message}`,
    );
  }
}

function checkpoint(canister: CanisterState): () => void {
  const { code, certifiedData, globalTimerNs, cycles, version } = canister;
  const stable = canister.stable.fork();
  const image = code?.kind === 'wasm' ? code.runner.heap.image() : undefined;
  return () => {
    Object.assign(canister, { code, certifiedData, globalTimerNs, cycles, version, stable });
    if (code?.kind === 'wasm' && image !== undefined) code.runner.heap.load(image);
  };
}

function runPreUpgrade(kernel: Kernel, request: InstallRequest): void {
  const { canister, skipPreUpgrade } = request;
  const { code } = canister;
  const name = 'canister_pre_upgrade';
  if (code?.kind !== 'wasm' || skipPreUpgrade || !code.compiled.exportNames.has(name)) return;
  const input = installInput(kernel, request, 'pre-upgrade');
  const result = code.runner.run(input, { kind: 'export', name }, 'keep');
  reportExecution(kernel, canister, name, result);
  if (result.trap !== undefined) throw result.trap;
}

function runInstall(kernel: Kernel, request: InstallRequest, compiled: CompiledModule): void {
  const { canister, mode } = request;
  if (mode !== 'upgrade') {
    canister.stable = new StableMemory();
    canister.certifiedData = new Uint8Array(0);
  }
  canister.globalTimerNs = 0n;
  const runner = instantiate(canister, compiled, kernel);
  canister.code = { kind: 'wasm', compiled, runner };
  const exportName = mode === 'upgrade' ? 'canister_post_upgrade' : 'canister_init';
  if (compiled.hasStart) {
    const started = runner.run(installInput(kernel, request, 'start'), { kind: 'start' }, 'keep');
    reportExecution(kernel, canister, 'start', started);
    if (started.trap !== undefined) throw started.trap;
  }
  const input = installInput(kernel, request, 'init');
  const result = runner.run(input, { kind: 'export', name: exportName }, 'keep');
  reportExecution(kernel, canister, exportName, result);
  if (result.trap !== undefined) throw result.trap;
}

function instantiate(
  canister: CanisterState,
  compiled: CompiledModule,
  kernel: Kernel,
): WasmRunner {
  try {
    return new WasmRunner(canister, compiled, kernel.subnet);
  } catch (error) {
    // Data or element segments that do not fit are only found out at instantiation.
    const isOfModule =
      error instanceof WebAssembly.RuntimeError ||
      error instanceof WebAssembly.LinkError ||
      error instanceof RangeError;
    if (!isOfModule) throw error;
    throw new CanisterTrap(ErrorCode.CanisterTrapped, `Canister trapped: ${error.message}`);
  }
}

function installInput(
  kernel: Kernel,
  request: InstallRequest,
  kind: 'start' | 'init' | 'pre-upgrade',
): ExecutionInput {
  return {
    kind,
    caller: request.sender,
    arg: request.arg,
    method: '',
    timeNs: kernel.timeNs,
    instructionLimit: kernel.limits.installInstructions,
    replyBytesMax: 0,
    isReplicated: true,
  };
}
