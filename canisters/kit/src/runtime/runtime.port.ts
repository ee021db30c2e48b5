import type { Principal } from '@dfinity/principal';
import type { Cycles } from '@decent-cloud/domain/amount.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** A call to another canister, in raw Candid. */
export interface CallRequest {
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  /** Offered with the call; what the callee does not take comes back. */
  readonly cycles?: Cycles;
}

/**
 * Why a call gave no reply.
 *
 * - `not-sent`: it never left; nothing happened.
 * - `rejected` with code 1 to 4: the callee did not run it, or refused it without a lasting effect.
 * - `rejected` with code 5 or 6: unknown; the callee may have kept a part of its work.
 *
 * Source: Internet Computer interface spec, "Reject codes".
 */
export type CallFailure =
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly code: RejectCode; readonly message: string };

/** 1 fatal, 2 transient, 3 no destination, 4 refused by the canister, 5 trapped, 6 unknown. */
export type RejectCode = 1 | 2 | 3 | 4 | 5 | 6;

/** Everything a canister can ask of the Internet Computer. Core never sees it; flows do. */
export interface Runtime {
  /** The time of this message; the same for all of it, never earlier than before. */
  readonly time: () => TimestampNs;
  /** Who sent this message; still the same after an `await`. */
  readonly caller: () => Principal;
  readonly self: () => Principal;
  readonly isController: (principal: Principal) => boolean;
  /**
   * Sends a message and waits without limit: call only canisters that answer. Everything done before
   * is kept from here on. If the code after it traps, the promise is rejected a second time with a
   * `CleanupCallback`, which must be let through: see `withGuard`.
   */
  readonly call: (request: CallRequest) => Promise<Result<Uint8Array, CallFailure>>;
  /** Calls that were sent and have not come back; upgrades lose them, see `refuseUpgradeWithOpenCalls`. */
  readonly openCalls: () => number;
  /** 32 unpredictable bytes from the management canister. Secret only until they are used. */
  readonly random: () => Promise<Result<Uint8Array, CallFailure>>;
  readonly cycles: () => Cycles;
  /** Wasm instructions that this message has used so far. */
  readonly instructions: () => bigint;
}
