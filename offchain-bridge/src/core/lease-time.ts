/** So long a lease lasts from the moment at which the canister gave or renewed it. */
const LEASE_MS = 25_000;
/**
 * So long it counts as ours from the moment at which the call was *sent* that it answered: the canister
 * took it in later than that, so that its end is at least 5 s later than ours.
 */
const COUNTED_MS = 20_000;

/** Monotonic time until which a lease is certainly ours. */
export function leaseEndMs(sentAtMs: number): number {
  return sentAtMs + COUNTED_MS;
}

/**
 * Monotonic time at which a job's deadline has certainly not passed yet, or undefined without a
 * deadline. The canister's clock at the claim is told by the lease that it gave; it is never compared
 * with ours. A lease that the deadline cut short tells nothing: then there is no time left.
 */
export function deadlineMs(claim: {
  readonly sentAtMs: number;
  readonly leaseUntilMs: number;
  readonly deadlineAtMs: number | undefined;
}): number | undefined {
  const { sentAtMs, leaseUntilMs, deadlineAtMs } = claim;
  if (deadlineAtMs === undefined) return undefined;
  if (leaseUntilMs >= deadlineAtMs) return sentAtMs;
  return sentAtMs + (deadlineAtMs - (leaseUntilMs - LEASE_MS));
}
