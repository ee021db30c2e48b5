import { CREATE_CANISTER_FEE, httpOutcallFee, liquidCycles } from '../cycles-cost.ts';
import { CanisterTrap } from '../trap.ts';
import { ErrorCode } from '../types.ts';
import { contractViolation, type Ic0Host } from './host.ts';

const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** A key or curve localnet does not have: `cost_sign_*` answers 2. */
const UNKNOWN_KEY = 2;

export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

export function u128(high: bigint, low: bigint): bigint {
  return (u64(high) << 64n) | u64(low);
}

/** Imports that read, take, burn or price cycles. */
export function cyclesApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const available = (): bigint => host.execution.input.context?.cyclesAvailable ?? 0n;
  const refunded = (): bigint => host.execution.input.cyclesRefunded ?? 0n;
  const balance = (): bigint => host.canister.cycles;
  return {
    msg_cycles_available: () => fits64(available()),
    msg_cycles_available128: (target: number) => {
      host.writeU128(target, available());
    },
    msg_cycles_refunded: () => fits64(refunded()),
    msg_cycles_refunded128: (target: number) => {
      host.writeU128(target, refunded());
    },
    msg_cycles_accept: (max: bigint) => accept(host, u64(max)),
    msg_cycles_accept128: (high: bigint, low: bigint, target: number) => {
      host.writeU128(target, accept(host, u128(high, low)));
    },
    canister_cycle_balance: () => fits64(balance()),
    canister_cycle_balance128: (target: number) => {
      host.writeU128(target, balance());
    },
    canister_liquid_cycle_balance128: (target: number) => {
      host.writeU128(target, liquidCycles(host.canister));
    },
    cycles_burn128: (high: bigint, low: bigint, target: number) => {
      const burned = minOf(u128(high, low), liquidCycles(host.canister));
      host.canister.cycles -= burned;
      host.writeU128(target, burned);
    },
    ...costApi(host),
    ...mintApi(),
  };
}

function costApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  return {
    // Calls and execution are free on localnet (FIDELITY.md), so that is what they cost.
    cost_call: (_nameBytes: bigint, _payloadBytes: bigint, target: number) => {
      host.writeU128(target, 0n);
    },
    cost_create_canister: (target: number) => {
      host.writeU128(target, CREATE_CANISTER_FEE);
    },
    cost_http_request: (requestBytes: bigint, maxResponseBytes: bigint, target: number) => {
      host.writeU128(
        target,
        httpOutcallFee({
          requestBytes: u64(requestBytes),
          maxResponseBytes: u64(maxResponseBytes),
        }),
      );
    },
    cost_sign_with_ecdsa: () => UNKNOWN_KEY,
    cost_sign_with_schnorr: () => UNKNOWN_KEY,
    cost_vetkd_derive_key: () => UNKNOWN_KEY,
  };
}

function mintApi(): Record<string, () => never> {
  const refuse = (): never => {
    throw contractViolation('ic0.mint_cycles cannot be executed on a non-CMC canister');
  };
  return { mint_cycles: refuse, mint_cycles128: refuse };
}

function accept(host: Ic0Host, max: bigint): bigint {
  const context = host.execution.input.context;
  if (context === undefined) return 0n;
  const taken = minOf(max, context.cyclesAvailable);
  context.cyclesAvailable -= taken;
  host.execution.cyclesAccepted += taken;
  host.canister.cycles += taken;
  return taken;
}

function fits64(value: bigint): bigint {
  if (value > U64_MAX) {
    throw new CanisterTrap(
      ErrorCode.CanisterContractViolation,
      'Canister trapped: cycles amount does not fit in 64 bits',
    );
  }
  return value;
}

export function minOf(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
