import type { CanisterState } from './canister-state.ts';

/**
 * Fees of a 13-node application subnet, in cycles. localnet charges what a developer can run out of
 * by design decision (creation, HTTPS outcalls) and enforces the freezing threshold; execution,
 * ingress and storage are free. Source: IC "cycles costs" page.
 */
export const CREATE_CANISTER_FEE = 500_000_000_000n;
const STORAGE_GIB_SECOND_FEE = 127_000n;
const COMPUTE_PERCENT_SECOND_FEE = 10_000_000n;
const GIB = 1024n ** 3n;
const SECONDS_PER_DAY = 86_400n;
const SUBNET_NODES = 13n;

/** What the canister's memory and compute allocation would burn on the IC in a day. */
export function idleCyclesBurnedPerDay(canister: CanisterState): bigint {
  const storage = maxOf(canister.memoryBytes(), canister.settings.memoryAllocationBytes);
  const perDay = storage * STORAGE_GIB_SECOND_FEE * SECONDS_PER_DAY;
  const compute = canister.settings.computeAllocationPercent * COMPUTE_PERCENT_SECOND_FEE;
  return (perDay + GIB - 1n) / GIB + compute * SECONDS_PER_DAY;
}

/** Below this balance the canister is frozen: no execution, no outgoing cycles. */
export function freezingThresholdCycles(canister: CanisterState): bigint {
  const { freezingThresholdS } = canister.settings;
  return (idleCyclesBurnedPerDay(canister) * freezingThresholdS) / SECONDS_PER_DAY;
}

export function liquidCycles(canister: CanisterState): bigint {
  const free = canister.cycles - freezingThresholdCycles(canister);
  return free > 0n ? free : 0n;
}

export function isFrozen(canister: CanisterState): boolean {
  return canister.cycles < freezingThresholdCycles(canister);
}

/** Fee of an HTTPS outcall. Source: cycles costs page, "HTTPS outcalls" formula. */
export function httpOutcallFee(size: { requestBytes: bigint; maxResponseBytes: bigint }): bigint {
  const base = 3_000_000n + 60_000n * SUBNET_NODES;
  return (base + 400n * size.requestBytes + 800n * size.maxResponseBytes) * SUBNET_NODES;
}

function maxOf(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
