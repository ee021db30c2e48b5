import type { CanisterSettings, CanisterState, Visibility } from '../core/canister-state.ts';
import { freezingThresholdCycles } from '../core/cycles-cost.ts';
import { ErrorCode } from '../core/types.ts';
import { compareBytes, utf8 } from '../crypto/bytes.ts';
import type { Opt } from '../core/candid-opt.ts';
import { invalidPayload, Refusal } from './refusal.ts';
import type { WireEnvironmentVariable, WireSettings, WireVisibility } from './wire/settings.ts';

const CONTROLLERS_MAX = 10;
const VIEWERS_MAX = 10;
const COMPUTE_ALLOCATION_PERCENT_MAX = 100n;
const MEMORY_BYTES_MAX = 2n ** 48n;
const NAT64_MAX = 2n ** 64n - 1n;
const NAT128_MAX = 2n ** 128n - 1n;
const LOG_MEMORY_BYTES_MAX = 2n * 1024n * 1024n;
const VARIABLES_MAX = 20;
const VARIABLE_NAME_BYTES_MAX = 128;
const VARIABLE_VALUE_BYTES_MAX = 128;

/**
 * The settings with what was asked for put in. Source: IC spec, "create_canister" and the limits of
 * dfinity/ic. Throws `Refusal`: IC0408 for lists too long, IC0504 for numbers out of range.
 */
export function mergeSettings(current: CanisterSettings, wire: WireSettings): CanisterSettings {
  const bounded = (value: Opt<bigint>, name: string, max: bigint, kept: bigint): bigint => {
    const wanted = value[0] ?? kept;
    if (wanted <= max) return wanted;
    throw invalidSettings(`${name} must be at most ${max.toString()}, got ${wanted.toString()}.`);
  };
  return {
    controllers: controllersOf(wire) ?? current.controllers,
    computeAllocationPercent: bounded(
      wire.compute_allocation,
      'compute_allocation',
      COMPUTE_ALLOCATION_PERCENT_MAX,
      current.computeAllocationPercent,
    ),
    memoryAllocationBytes: bounded(
      wire.memory_allocation,
      'memory_allocation',
      MEMORY_BYTES_MAX,
      current.memoryAllocationBytes,
    ),
    freezingThresholdS: bounded(
      wire.freezing_threshold,
      'freezing_threshold',
      NAT64_MAX,
      current.freezingThresholdS,
    ),
    reservedCyclesLimit: bounded(
      wire.reserved_cycles_limit,
      'reserved_cycles_limit',
      NAT128_MAX,
      current.reservedCyclesLimit,
    ),
    wasmMemoryLimitBytes: bounded(
      wire.wasm_memory_limit,
      'wasm_memory_limit',
      MEMORY_BYTES_MAX,
      current.wasmMemoryLimitBytes,
    ),
    wasmMemoryThresholdBytes: bounded(
      wire.wasm_memory_threshold,
      'wasm_memory_threshold',
      NAT64_MAX,
      current.wasmMemoryThresholdBytes,
    ),
    logMemoryLimitBytes: bounded(
      wire.log_memory_limit,
      'log_memory_limit',
      LOG_MEMORY_BYTES_MAX,
      current.logMemoryLimitBytes,
    ),
    minimumIncomingCallCycles: bounded(
      wire.minimum_incoming_canister_call_cycles,
      'minimum_incoming_canister_call_cycles',
      NAT128_MAX,
      current.minimumIncomingCallCycles,
    ),
    logVisibility: visibilityOf(wire.log_visibility) ?? current.logVisibility,
    snapshotVisibility: visibilityOf(wire.snapshot_visibility) ?? current.snapshotVisibility,
    statusVisibility: visibilityOf(wire.status_visibility) ?? current.statusVisibility,
    environmentVariables: variablesOf(wire) ?? current.environmentVariables,
  };
}

/**
 * Puts settings in force if the balance covers the allocations they raise; otherwise throws
 * `Refusal` (IC0530, IC0531) and leaves the canister as it was.
 */
export function applySettings(canister: CanisterState, settings: CanisterSettings): void {
  const before = canister.settings;
  canister.settings = settings;
  const missing = freezingThresholdCycles(canister) - canister.cycles;
  if (missing <= 0n) return;
  const raisesCompute = settings.computeAllocationPercent > before.computeAllocationPercent;
  const raisesMemory = settings.memoryAllocationBytes > before.memoryAllocationBytes;
  if (!raisesCompute && !raisesMemory) return;
  canister.settings = before;
  const what = raisesCompute ? 'compute' : 'memory';
  throw new Refusal(
    raisesCompute
      ? ErrorCode.InsufficientCyclesInComputeAllocation
      : ErrorCode.InsufficientCyclesInMemoryAllocation,
    `Cannot increase ${what} allocation due to insufficient cycles. At least ` +
      `${missing.toString()} additional cycles are required.`,
  );
}

/** In the shape of `definite_canister_settings`. */
export function definiteSettings(settings: CanisterSettings): unknown {
  return {
    controllers: settings.controllers,
    compute_allocation: settings.computeAllocationPercent,
    memory_allocation: settings.memoryAllocationBytes,
    freezing_threshold: settings.freezingThresholdS,
    reserved_cycles_limit: settings.reservedCyclesLimit,
    wasm_memory_limit: settings.wasmMemoryLimitBytes,
    wasm_memory_threshold: settings.wasmMemoryThresholdBytes,
    log_memory_limit: settings.logMemoryLimitBytes,
    minimum_incoming_canister_call_cycles: settings.minimumIncomingCallCycles,
    log_visibility: wireVisibility(settings.logVisibility),
    snapshot_visibility: wireVisibility(settings.snapshotVisibility),
    status_visibility: wireVisibility(settings.statusVisibility),
    environment_variables: settings.environmentVariables,
  };
}

function invalidSettings(message: string): Refusal {
  return new Refusal(
    ErrorCode.CanisterContractViolation,
    `Could not validate the settings: ${message}`,
  );
}

function controllersOf({ controllers: [wanted] }: WireSettings) {
  if (wanted === undefined) return undefined;
  if (wanted.length > CONTROLLERS_MAX) throw tooMany('controllers', CONTROLLERS_MAX);
  const unique = new Map(wanted.map((controller) => [controller.toText(), controller]));
  return [...unique.values()].sort((one, other) =>
    compareBytes(one.toUint8Array(), other.toUint8Array()),
  );
}

function visibilityOf([wire]: Opt<WireVisibility>): Visibility | undefined {
  if (wire === undefined) return undefined;
  if ('public' in wire) return { kind: 'public' };
  if ('controllers' in wire) return { kind: 'controllers' };
  const viewers = wire.allowed_viewers;
  if (viewers.length > VIEWERS_MAX) throw tooMany('allowed viewers', VIEWERS_MAX);
  return { kind: 'allowed-viewers', viewers };
}

function wireVisibility(visibility: Visibility): WireVisibility {
  switch (visibility.kind) {
    case 'public':
      return { public: null };
    case 'controllers':
      return { controllers: null };
    case 'allowed-viewers':
      return { allowed_viewers: visibility.viewers };
  }
}

function variablesOf({ environment_variables: [wanted] }: WireSettings) {
  if (wanted === undefined) return undefined;
  if (wanted.length > VARIABLES_MAX) throw tooMany('environment variables', VARIABLES_MAX);
  wanted.forEach(checkVariable);
  if (new Set(wanted.map(({ name }) => name)).size < wanted.length) {
    throw invalidPayload('Environment variables must have distinct names.');
  }
  return wanted;
}

function checkVariable({ name, value }: WireEnvironmentVariable): void {
  if (utf8(name).length > VARIABLE_NAME_BYTES_MAX) {
    throw invalidPayload(
      `Environment variable name "${name}" exceeds the maximum allowed length of ` +
        `${VARIABLE_NAME_BYTES_MAX}.`,
    );
  }
  if (utf8(value).length > VARIABLE_VALUE_BYTES_MAX) {
    throw invalidPayload(
      `Environment variable value "${value}" exceeds the maximum allowed length of ` +
        `${VARIABLE_VALUE_BYTES_MAX}.`,
    );
  }
}

function tooMany(what: string, max: number): Refusal {
  return invalidPayload(`Error decoding candid: more than ${max} ${what}`);
}
