import type { Principal } from '@dfinity/principal';
import type { CanisterState } from './canister-state.ts';
import { isFrozen } from './cycles-cost.ts';
import type { Kernel } from './kernel.ts';
import type { NativeProgram } from './native.ts';
import type {
  CanisterView,
  MetadataSection,
  Replica,
  ReplicaEvent,
  ReplicaInput,
  SubmitOutcome,
} from './replica-api.ts';
import { nextTimerNs, runRound, wantsRound } from './run-round.ts';
import { inspectIngress, runQuery } from './run-query.ts';
import { notFound, outOfCycles } from './refusals.ts';
import { StableMemory } from './stable-memory.ts';
import { encodeState, hashState } from './state-image.ts';
import type {
  HttpOutcall,
  HttpOutcallAnswer,
  IngressMessage,
  IngressStatus,
  MessageId,
  QueryMessage,
  Reject,
  Response,
} from './types.ts';
import { ErrorCode, reject } from './types.ts';

/** Thrown by `setTime` when asked to move a replica's clock backwards. */
export class TimeWentBackError extends Error {
  constructor(options: { fromNs: bigint; toNs: bigint }) {
    super(`time cannot go back from ${options.fromNs.toString()} to ${options.toNs.toString()}`);
    this.name = 'TimeWentBackError';
  }
}

/** The replica over its kernel: records inputs, guards the clock, gives read-only views. */
export class LocalReplica implements Replica {
  readonly #kernel: Kernel;
  readonly #inputListeners: ((input: ReplicaInput) => void)[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get subnetId(): Principal {
    return this.#kernel.options.subnetId;
  }

  get rootKey(): Uint8Array {
    return this.#kernel.options.rootKey;
  }

  timeNs(): bigint {
    return this.#kernel.timeNs;
  }

  setTime(atNs: bigint): void {
    const fromNs = this.#kernel.timeNs;
    if (atNs < fromNs) throw new TimeWentBackError({ fromNs, toNs: atNs });
    this.#kernel.timeNs = atNs;
  }

  submit(message: IngressMessage): SubmitOutcome {
    if (this.#kernel.ingress.has(message.id)) return { kind: 'accepted' };
    const refusal = this.#refuseIngress(message);
    if (refusal !== undefined) return { kind: 'refused', reject: refusal };
    this.#accept({ kind: 'ingress', message });
    return { kind: 'accepted' };
  }

  #refuseIngress(message: IngressMessage): Reject | undefined {
    const kernel = this.#kernel;
    if (message.arg.length > kernel.limits.ingressBytes) {
      return reject(ErrorCode.CanisterRejectedMessage, 'Ingress message is too large');
    }
    if (kernel.isManagement(message.canisterId)) {
      return kernel.management.inspectIngress(kernel, message);
    }
    const canister = kernel.get(message.canisterId);
    if (canister === undefined) return notFound(message.canisterId);
    if (isFrozen(canister)) return outOfCycles(canister);
    if (canister.queuedIngress >= kernel.limits.queueLength) {
      return reject(
        ErrorCode.CanisterQueueFull,
        `Canister ${canister.key} has ${canister.queuedIngress.toString()} messages waiting`,
      );
    }
    return canister.status === 'running' ? inspectIngress(kernel, canister, message) : undefined;
  }

  round(atNs: bigint): void {
    const at = atNs > this.#kernel.timeNs ? atNs : this.#kernel.timeNs;
    this.#accept({ kind: 'round', atNs: at });
  }

  answerHttpOutcall(id: number, answer: HttpOutcallAnswer): void {
    if (!this.#kernel.outcalls.has(id)) throw new Error(`no HTTPS outcall ${id.toString()}`);
    this.#accept({ kind: 'http-answer', id, answer });
  }

  addCycles(canisterId: Principal, amount: bigint): bigint {
    const canister = this.#known(canisterId);
    this.#accept({ kind: 'add-cycles', canisterId, amount });
    return canister.cycles;
  }

  setStableMemory(canisterId: Principal, bytes: Uint8Array): void {
    this.#known(canisterId);
    this.#accept({ kind: 'set-stable-memory', canisterId, bytes });
  }

  /** Journal first, then apply: what was acknowledged can always be replayed (I14). */
  #accept(input: ReplicaInput): void {
    for (const listener of this.#inputListeners) listener(input);
    this.apply(input);
  }

  apply(input: ReplicaInput): void {
    const kernel = this.#kernel;
    kernel.version += 1n;
    switch (input.kind) {
      case 'ingress': {
        const { id, canisterId: callee, method, arg, sender: caller, expiryNs } = input.message;
        kernel.ingress.receive(input.message);
        const origin = { kind: 'ingress', id, expiryNs } as const;
        kernel.send({ kind: 'request', callee, method, arg, caller, cycles: 0n, origin });
        return;
      }
      case 'round':
        runRound(kernel, input.atNs);
        return;
      case 'http-answer': {
        const pending = kernel.outcalls.get(input.id);
        if (pending === undefined) throw new Error(`no HTTPS outcall ${input.id.toString()}`);
        kernel.outcalls.delete(input.id);
        pending.answer(input.answer);
        return;
      }
      case 'add-cycles':
        this.#known(input.canisterId).cycles += input.amount;
        return;
      case 'set-stable-memory':
        this.#known(input.canisterId).stable = StableMemory.fromBytes(input.bytes);
    }
  }

  onInput(listener: (input: ReplicaInput) => void): void {
    this.#inputListeners.push(listener);
  }

  onEvent(listener: (event: ReplicaEvent) => void): void {
    this.#kernel.eventListeners.push(listener);
  }

  query(message: QueryMessage): Response {
    return runQuery(this.#kernel, message);
  }

  ingressStatus(id: MessageId): IngressStatus {
    return this.#kernel.ingress.status(id);
  }

  ingressOrigin(id: MessageId): { sender: Principal; canisterId: Principal } | undefined {
    return this.#kernel.ingress.origin(id);
  }

  pendingHttpOutcalls(): readonly HttpOutcall[] {
    return [...this.#kernel.outcalls.values()].map(({ outcall }) => outcall);
  }

  wantsRound(atNs: bigint): boolean {
    return wantsRound(this.#kernel, atNs);
  }

  wantsMoreNow(): boolean {
    return this.#kernel.queue.length > 0;
  }

  nextTimerNs(): bigint | undefined {
    return nextTimerNs(this.#kernel);
  }

  isAtRest(): boolean {
    const { queue, outcalls, stopRequests, canisters } = this.#kernel;
    if (queue.length > 0 || outcalls.size > 0 || stopRequests.size > 0) return false;
    return [...canisters.values()].every(({ contexts }) => contexts.size === 0);
  }

  canister(id: Principal): CanisterView | undefined {
    const canister = this.#kernel.get(id);
    return canister && viewOf(canister);
  }

  canisterIds(): readonly Principal[] {
    return [...this.#kernel.canisters.values()].map(({ id }) => id);
  }

  stateVersion(): bigint {
    return this.#kernel.version;
  }

  installNative(id: Principal, program: NativeProgram, cycles = 0n): void {
    const canister = this.#kernel.createCanister({ id, cycles, controllers: [] });
    canister.code = { kind: 'native', program };
  }

  stateHash(): Uint8Array {
    return hashState(this.#kernel);
  }

  snapshot(): Uint8Array {
    if (!this.isAtRest()) throw new Error('a snapshot needs a replica at rest');
    return encodeState(this.#kernel);
  }

  #known(id: Principal): CanisterState {
    const canister = this.#kernel.get(id);
    if (canister === undefined) throw new Error(`Canister ${id.toText()} not found`);
    return canister;
  }
}

function viewOf(canister: CanisterState): CanisterView {
  return {
    id: canister.id,
    controllers: canister.settings.controllers,
    status: canister.status,
    moduleHash: canister.moduleHash(),
    certifiedData: canister.certifiedData,
    metadata: metadataOf(canister),
    cycles: canister.cycles,
    stableMemory: () => canister.stable.toBytes(),
    ...(canister.code?.kind === 'native' && { program: canister.code.program }),
  };
}

function metadataOf({ code }: CanisterState): readonly MetadataSection[] {
  if (code === undefined) return [];
  if (code.kind === 'wasm') return code.compiled.metadata;
  const { candid, adminCandid } = code.program;
  const texts = { 'candid:service': candid, 'localnet:service': adminCandid };
  return Object.entries(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, isPublic: true, content: new TextEncoder().encode(text) }],
  );
}
