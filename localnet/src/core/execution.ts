import type { Principal } from '@dfinity/principal';
import type { CallContext, Closure, OutgoingCall } from './call-context.ts';
import type { RejectCode, Response } from './types.ts';

/**
 * Which kind of execution is running; decides what the System API allows. Letters are those of the
 * IC interface spec ("Overview of imports").
 */
export type EntryKind =
  | 'start' // s
  | 'init' // I: canister_init and canister_post_upgrade
  | 'pre-upgrade' // G
  | 'update' // U
  | 'replicated-query' // RQ
  | 'query' // NRQ
  | 'composite-query' // CQ
  | 'reply' // Ry
  | 'reject' // Rt
  | 'composite-reply' // CRy
  | 'composite-reject' // CRt
  | 'cleanup' // C
  | 'composite-cleanup' // CC
  | 'inspect' // F
  | 'system-task'; // T

export interface DraftCall {
  readonly callee: Uint8Array;
  readonly method: string;
  readonly argChunks: Uint8Array[];
  argBytes: number;
  readonly reply: Closure;
  readonly reject: Closure;
  cleanup: Closure | undefined;
  cycles: bigint;
}

/** Inputs of one execution, fixed when it starts. */
export interface ExecutionInput {
  readonly kind: EntryKind;
  readonly caller: Principal;
  readonly arg: Uint8Array;
  readonly method: string;
  readonly timeNs: bigint;
  readonly instructionLimit: bigint;
  readonly replyBytesMax: number;
  readonly context?: CallContext;
  readonly rejectCode?: RejectCode;
  readonly rejectMessage?: string;
  readonly cyclesRefunded?: bigint;
  readonly dataCertificate?: () => Uint8Array;
  readonly isReplicated: boolean;
}

/** Mutable record of what an execution did; takes effect only if it does not trap. */
export class Execution {
  readonly input: ExecutionInput;
  readonly replyChunks: Uint8Array[] = [];
  replyBytes = 0;
  response: Response | undefined;
  draft: DraftCall | undefined;
  readonly calls: OutgoingCall[] = [];
  cyclesAccepted = 0n;
  acceptedMessage = false;
  readonly printed: Uint8Array[] = [];
  dataCertificateCache: Uint8Array | undefined;
  /** Stable pages already paid for in this execution. */
  chargedStablePages = 0;

  constructor(input: ExecutionInput) {
    this.input = input;
  }

  get hasResponded(): boolean {
    return this.response !== undefined || this.input.context?.hasResponded === true;
  }
}
