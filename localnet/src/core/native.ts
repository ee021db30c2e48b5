import type { Principal } from '@dfinity/principal';
import type { Reject, Response } from './types.ts';

/** What a TypeScript canister may do while handling one message. */
export interface NativeContext {
  readonly self: Principal;
  readonly caller: Principal;
  readonly timeNs: bigint;
  /** False in a non-replicated query: state changes are then a bug. */
  readonly isReplicated: boolean;
  /** Cycles offered with this call and not yet accepted. */
  cyclesAvailable(): bigint;
  /** Takes up to `max` of the offered cycles; returns what was taken. */
  acceptCycles(max: bigint): bigint;
  /** This canister's own balance. */
  cyclesBalance(): bigint;
  setCertifiedData(data: Uint8Array): void;
  /** Present only in a non-replicated query. */
  dataCertificate(): Uint8Array | undefined;
  isController(principal: Principal): boolean;
  /** Lets every call that yielded `NATIVE_WAIT` go on after this one; returns how many there are. */
  resumeWaiting(): number;
  /** Creates a canister controlled by `self` and running `program` (a ledger's archive). */
  spawnNative(program: NativeProgram): Principal;
  print(text: string): void;
}

/** An inter-canister call made by `yield`; the generator resumes with the response. */
export interface NativeCall {
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly cycles?: bigint;
}

/** Outcome of a `yield`ed call, with the cycles that came back. */
export interface NativeCallOutcome {
  readonly response: Response;
  readonly cyclesRefunded: bigint;
}

/**
 * Yielded to leave a call unanswered and its context open, as a canister does that waits for
 * something which does not come. It resumes, with an empty reply, when a later call of the same
 * canister says `resumeWaiting`.
 */
export const NATIVE_WAIT = { kind: 'wait' } as const;

export type NativeStep = NativeCall | typeof NATIVE_WAIT;

export type NativeSteps = Generator<NativeStep, Uint8Array, NativeCallOutcome>;

/**
 * Handles one method on raw Candid bytes. Throws `NativeReject` to reject. A handler must validate
 * before it changes anything: there is no rollback of TypeScript state.
 */
export type NativeHandler = (context: NativeContext, arg: Uint8Array) => Uint8Array | NativeSteps;

export interface NativeMethod {
  readonly kind: 'query' | 'update';
  readonly handle: NativeHandler;
}

/** A canister written in TypeScript: localnet's stand-ins for third-party canisters. */
export interface NativeProgram {
  /** Names the program across restarts, e.g. `icrc-ledger`. */
  readonly programId: string;
  /** Candid service text, served as `candid:service` metadata. */
  readonly candid: string;
  /** Methods of localnet alone, served as `localnet:service` metadata. */
  readonly adminCandid?: string;
  readonly methods: ReadonlyMap<string, NativeMethod>;
  /** Whole state as bytes; must be deterministic. */
  save(): Uint8Array;
  load(bytes: Uint8Array): void;
  /** Runs at most once per round when `timeNs` has passed `nextTimerNs()`. */
  readonly onTimer?: (context: NativeContext) => void;
  readonly nextTimerNs?: () => bigint | undefined;
}

/** Thrown by a handler to reject the call with a chosen code; without one it is IC0406. */
export class NativeReject extends Error {
  readonly reject: Reject;
  constructor(reject: Reject) {
    super(reject.message);
    this.name = 'NativeReject';
    this.reject = reject;
  }
}
