import type { Principal } from '@dfinity/principal';
import type { NativeProgram } from './native.ts';
import type {
  CanisterRunStatus,
  HttpOutcall,
  HttpOutcallAnswer,
  IngressMessage,
  IngressStatus,
  MessageId,
  QueryMessage,
  Reject,
  Response,
} from './types.ts';

/**
 * Everything that can change a replica, as data. The same inputs in the same order on a replica
 * with the same seed give the same state (invariant I13); that is what persistence replays.
 */
export type ReplicaInput =
  | { readonly kind: 'ingress'; readonly message: IngressMessage }
  | { readonly kind: 'round'; readonly atNs: bigint }
  | { readonly kind: 'http-answer'; readonly id: number; readonly answer: HttpOutcallAnswer }
  | { readonly kind: 'add-cycles'; readonly canisterId: Principal; readonly amount: bigint }
  | {
      readonly kind: 'set-stable-memory';
      readonly canisterId: Principal;
      readonly bytes: Uint8Array;
    };

/** Outcome of handing in an ingress message. A known id is accepted again and never runs twice. */
export type SubmitOutcome =
  { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly reject: Reject };

/** A custom section `icp:public <name>` or `icp:private <name>` of the installed module. */
export interface MetadataSection {
  readonly name: string;
  readonly isPublic: boolean;
  readonly content: Uint8Array;
}

/** Read-only view of one canister, for certificates, gateways and status pages. */
export interface CanisterView {
  readonly id: Principal;
  readonly controllers: readonly Principal[];
  readonly status: CanisterRunStatus;
  readonly moduleHash: Uint8Array | undefined;
  /** At most 32 bytes; empty until the canister sets it. */
  readonly certifiedData: Uint8Array;
  readonly metadata: readonly MetadataSection[];
  readonly cycles: bigint;
  readonly stableMemory: () => Uint8Array;
  /** The program of a canister written in TypeScript, for tests that script it. */
  readonly program?: NativeProgram;
}

/** What happened, for logs and meters. `instructions` are the IC's own units. */
export type ReplicaEvent =
  | {
      readonly kind: 'executed';
      readonly canisterId: Principal;
      readonly entry: string;
      readonly instructions: bigint;
      readonly outcome: 'ok' | 'trap';
      readonly detail: string;
    }
  | { readonly kind: 'print'; readonly canisterId: Principal; readonly text: string };

/**
 * A single-subnet Internet Computer as a synchronous state machine. It knows nothing of HTTP, CBOR,
 * signatures, files or clocks: adapters authenticate, drive time and certify.
 */
export interface Replica {
  readonly subnetId: Principal;
  /** DER-encoded root public key that certificates verify against. */
  readonly rootKey: Uint8Array;

  /** The subnet's current time; constant within a round, never goes back. */
  timeNs(): bigint;

  /** Checks (canister exists and runs, inspect_message, queue length) and only queues. */
  submit(message: IngressMessage): SubmitOutcome;
  /** One round: sets time (if later), starts due timers and heartbeats, runs queued messages. */
  round(atNs: bigint): void;
  /**
   * Moves time without executing; not an input, because the next round carries its own time.
   * Throws `TimeWentBackError` if `atNs` is in the past.
   */
  setTime(atNs: bigint): void;
  /** Re-applies a journalled input; accepted ingress is not inspected again. */
  apply(input: ReplicaInput): void;
  answerHttpOutcall(id: number, answer: HttpOutcallAnswer): void;
  addCycles(canisterId: Principal, amount: bigint): bigint;
  setStableMemory(canisterId: Principal, bytes: Uint8Array): void;

  /** Called with every input before it is applied, in order. Used to journal them. */
  onInput(listener: (input: ReplicaInput) => void): void;
  onEvent(listener: (event: ReplicaEvent) => void): void;

  /** Runs a query or composite query; state changes are discarded. Management canister included. */
  query(message: QueryMessage): Response;
  ingressStatus(id: MessageId): IngressStatus;
  /** Sender and canister of a known ingress message, for read_state access rules. */
  ingressOrigin(id: MessageId): { sender: Principal; canisterId: Principal } | undefined;
  pendingHttpOutcalls(): readonly HttpOutcall[];

  /** True if a round at that time would execute something: messages, due timers, heartbeats. */
  wantsRound(atNs: bigint): boolean;
  /** True if messages are left over from the last round (it ended at its instruction limit). */
  wantsMoreNow(): boolean;
  /** When the earliest global timer is due, or undefined if none is set. */
  nextTimerNs(): bigint | undefined;
  /** True when no call context is open and nothing is queued: a snapshot may be taken. */
  isAtRest(): boolean;

  canister(id: Principal): CanisterView | undefined;
  canisterIds(): readonly Principal[];
  /** Bumped by every change of state; certificates are cached by it. */
  stateVersion(): bigint;

  /** Places a TypeScript canister at a fixed id before the first round. */
  installNative(id: Principal, program: NativeProgram, cycles?: bigint): void;

  /** SHA-256 over the whole state; equal for equal histories (I7, I13). */
  stateHash(): Uint8Array;
  /** The whole state at rest. Throws unless `isAtRest()`. */
  snapshot(): Uint8Array;
}

export interface ReplicaOptions {
  readonly seed: Uint8Array;
  readonly timeNs: bigint;
  readonly subnetId: Principal;
  readonly rootKey: Uint8Array;
  /** Certificate for a canister's certified data, for top-level queries. */
  readonly dataCertificate?: (replica: Replica, canisterId: Principal) => Uint8Array;
  /**
   * For tests: how many instructions an update, a callback, a timer or a heartbeat may use, named as in
   * `executed` events. It traps there as one that used up the IC's own limit; undefined leaves that one.
   */
  readonly cutShort?: (execution: {
    readonly canisterId: Principal;
    readonly entry: string;
  }) => bigint | undefined;
  readonly limits?: Partial<ReplicaLimits>;
}

/** Source: IC resource limits page; config of dfinity/ic rs/config. */
export interface ReplicaLimits {
  readonly updateInstructions: bigint;
  readonly queryInstructions: bigint;
  readonly installInstructions: bigint;
  readonly inspectInstructions: bigint;
  readonly ingressBytes: number;
  readonly interCanisterBytes: number;
  readonly replyBytes: number;
  readonly queryReplyBytes: number;
  readonly queueLength: number;
  readonly wasmModuleBytes: number;
  readonly stableMemoryBytes: number;
  /** Messages run in one round before it ends, so that a loop of calls cannot hold up a tick. */
  readonly roundMessages: number;
}
