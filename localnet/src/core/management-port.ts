import type { Principal } from '@dfinity/principal';
import type { Origin } from './call-context.ts';
import type { Kernel } from './kernel.ts';
import type { QueryMessage, Reject, Response } from './types.ts';

/** A call to `aaaaa-aa`. `cycles` are attached and must be refunded unless used. */
export interface ManagementCall {
  readonly method: string;
  readonly arg: Uint8Array;
  readonly caller: Principal;
  readonly cycles: bigint;
  readonly origin: Origin;
}

/**
 * The management canister. `handle` answers through `kernel.deliver(call.origin, response, refund)`
 * exactly once, at once or later (stop_canister, http_request).
 */
export interface ManagementPort {
  handle(kernel: Kernel, call: ManagementCall): void;
  query(kernel: Kernel, message: QueryMessage): Response;
  /** Which ingress it takes: the canister named in the argument decides. Undefined accepts. */
  inspectIngress(
    kernel: Kernel,
    message: { sender: Principal; method: string; arg: Uint8Array },
  ): Reject | undefined;
  /** State it keeps beside the canisters (chunk stores, snapshots, histories), deterministic. */
  save(): Uint8Array;
  load(bytes: Uint8Array): void;
}
