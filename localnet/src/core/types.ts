import type { Principal } from '@dfinity/principal';

/** Reject codes a caller sees. Source: IC interface spec, "Reject codes". */
export const RejectCode = {
  SysFatal: 1,
  SysTransient: 2,
  DestinationInvalid: 3,
  CanisterReject: 4,
  CanisterError: 5,
  SysUnknown: 6,
} as const;
export type RejectCode = (typeof RejectCode)[keyof typeof RejectCode];

/** Error codes shown to clients as `IC0nnn`. Source: dfinity/ic rs/types/error_types. */
export const ErrorCode = {
  MaxNumberOfCanistersReached: 102,
  CanisterQueueFull: 201,
  IngressMessageTimeout: 202,
  IngressHistoryFull: 204,
  CanisterIdAlreadyExists: 205,
  CanisterOutOfCycles: 207,
  CanisterNotFound: 301,
  CanisterSnapshotNotFound: 305,
  InsufficientMemoryAllocation: 402,
  InsufficientCyclesForCreateCanister: 403,
  SubnetNotFound: 404,
  CanisterNotHostedBySubnet: 405,
  CanisterRejectedMessage: 406,
  UnknownManagementMessage: 407,
  InvalidManagementPayload: 408,
  CanisterSnapshotImmutable: 409,
  CanisterTrapped: 502,
  CanisterCalledTrap: 503,
  CanisterContractViolation: 504,
  CanisterInvalidWasm: 505,
  CanisterDidNotReply: 506,
  CanisterOutOfMemory: 507,
  CanisterStopped: 508,
  CanisterStopping: 509,
  CanisterNotStopped: 510,
  CanisterStoppingCancelled: 511,
  CanisterInvalidController: 512,
  CanisterFunctionNotFound: 513,
  CanisterNonEmpty: 514,
  QueryCallGraphLoopDetected: 517,
  InsufficientCyclesInCall: 520,
  CanisterWasmEngineError: 521,
  CanisterInstructionLimitExceeded: 522,
  CanisterMemoryAccessLimitExceeded: 524,
  QueryCallGraphTooDeep: 525,
  QueryCallGraphTotalInstructionLimitExceeded: 526,
  CompositeQueryCalledInReplicatedMode: 527,
  InsufficientCyclesInComputeAllocation: 530,
  InsufficientCyclesInMemoryAllocation: 531,
  InsufficientCyclesInMemoryGrow: 532,
  CanisterMethodNotFound: 536,
  CanisterWasmModuleNotFound: 537,
  CanisterAlreadyInstalled: 538,
  CanisterWasmMemoryLimitExceeded: 539,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** `536` → `IC0536`, the text form clients print. */
export function errorCodeText(code: ErrorCode): string {
  return `IC${code.toString().padStart(4, '0')}`;
}

/** The method ran and answered. `data` is the raw (usually Candid) reply. */
export interface Reply {
  readonly kind: 'reply';
  readonly data: Uint8Array;
}

/** The call was refused or failed. `message` is for people; programs match on the codes. */
export interface Reject {
  readonly kind: 'reject';
  readonly code: RejectCode;
  readonly message: string;
  readonly errorCode: ErrorCode;
}

export type Response = Reply | Reject;

export function reply(data: Uint8Array): Reply {
  return { kind: 'reply', data };
}

export function reject(errorCode: ErrorCode, message: string): Reject {
  return { kind: 'reject', code: rejectCodeOf(errorCode), message, errorCode };
}

/** The reject class an error code belongs to: its leading digit. */
export function rejectCodeOf(errorCode: ErrorCode): RejectCode {
  return Math.floor(errorCode / 100) as RejectCode;
}

/** 64 hex digits: the request id of an ingress message (SHA-256 of its content). */
export type MessageId = string & { readonly __brand: 'MessageId' };

/** A call from outside, already authenticated: `sender` is proven, the message is not expired. */
export interface IngressMessage {
  readonly id: MessageId;
  readonly sender: Principal;
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  /** After this time the message is dropped and its status forgotten (replay window). */
  readonly expiryNs: bigint;
}

export interface QueryMessage {
  readonly sender: Principal;
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
}

export type IngressStatus =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'received' }
  | { readonly kind: 'processing' }
  | { readonly kind: 'replied'; readonly data: Uint8Array }
  | { readonly kind: 'rejected'; readonly reject: Reject }
  | { readonly kind: 'done' };

export type CanisterRunStatus = 'running' | 'stopping' | 'stopped';

/** An HTTPS outcall a canister is waiting for. */
export interface HttpOutcall {
  readonly id: number;
  readonly canisterId: Principal;
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: readonly HttpHeader[];
  readonly body: Uint8Array;
  readonly maxResponseBytes: bigint | undefined;
}

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

/** What an HTTPS outcall is answered with; the canister's transform runs after it. */
export type HttpOutcallAnswer =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers: readonly HttpHeader[];
      readonly body: Uint8Array;
    }
  | { readonly kind: 'reject'; readonly code: RejectCode; readonly message: string };
