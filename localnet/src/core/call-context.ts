import type { Principal } from '@dfinity/principal';
import type { NativeSteps } from './native.ts';
import type { MessageId, Response } from './types.ts';

/** Who is owed the response to a request. */
export type Origin =
  | { readonly kind: 'ingress'; readonly id: MessageId; readonly expiryNs: bigint }
  | {
      readonly kind: 'canister';
      readonly canisterKey: string;
      readonly contextId: number;
      readonly calleeKey: string;
      readonly callback: Callback;
    }
  | { readonly kind: 'nobody' };

/** What continues in the caller when the response arrives. */
export type Callback =
  | {
      readonly kind: 'wasm';
      readonly reply: Closure;
      readonly reject: Closure;
      readonly cleanup: Closure | undefined;
    }
  | { readonly kind: 'native'; readonly steps: NativeSteps };

/** A table index and the value the function gets. */
export interface Closure {
  readonly functionIndex: number;
  readonly environment: number;
}

/** A call a canister has made; queued when its execution commits. */
export interface OutgoingCall {
  readonly callee: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly cycles: bigint;
  readonly callback: Callback;
}

/** One open obligation to respond. Exactly one response leaves it, always (I3). */
export interface CallContext {
  readonly id: number;
  readonly caller: Principal;
  readonly method: string;
  readonly origin: Origin;
  cyclesAvailable: bigint;
  hasResponded: boolean;
  /** Calls awaiting a response. */
  pendingCalls: number;
  /** Instructions used so far by all executions of this context. */
  instructions: bigint;
  /** Set by uninstall: callbacks are dropped, not run. */
  isDeleted: boolean;
}

export interface RequestMessage {
  readonly kind: 'request';
  readonly callee: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly caller: Principal;
  readonly cycles: bigint;
  readonly origin: Origin;
}

export interface ResponseMessage {
  readonly kind: 'response';
  readonly canisterKey: string;
  readonly calleeKey: string;
  readonly contextId: number;
  readonly callback: Callback;
  readonly response: Response;
  readonly cyclesRefunded: bigint;
}

export type SystemTask =
  'canister_global_timer' | 'canister_heartbeat' | 'canister_on_low_wasm_memory';

export interface TaskMessage {
  readonly kind: 'task';
  readonly canisterKey: string;
  readonly task: SystemTask;
}

export type QueuedMessage = RequestMessage | ResponseMessage | TaskMessage;
