import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import type {
  CallContext,
  Origin,
  OutgoingCall,
  QueuedMessage,
  RequestMessage,
} from './call-context.ts';
import { CanisterState } from './canister-state.ts';
import type { SubnetFacts } from './ic0/host.ts';
import { IngressHistory } from './ingress-history.ts';
import type { ManagementPort } from './management-port.ts';
import { MessageQueue } from './message-queue.ts';
import { keyOf } from './principal-key.ts';
import type { ReplicaEvent, ReplicaLimits, ReplicaOptions } from './replica-api.ts';
import type { HttpOutcall, HttpOutcallAnswer, Response } from './types.ts';

const MANAGEMENT_ID = Principal.managementCanister().toText();
/** Ids given to created canisters start here, above every well-known system canister. */
const FIRST_CANISTER_INDEX = 0x0050_0000n;

export interface KernelOptions {
  readonly seed: Uint8Array;
  readonly timeNs: bigint;
  readonly subnetId: Principal;
  readonly rootKey: Uint8Array;
  readonly limits: ReplicaLimits;
  readonly management: ManagementPort;
  readonly cutShort?: ReplicaOptions['cutShort'];
  readonly dataCertificate: (canisterId: Principal) => Uint8Array;
}

export interface PendingOutcall {
  readonly outcall: HttpOutcall;
  readonly answer: (answer: HttpOutcallAnswer) => void;
}

/** All state of the replica and the few primitives that change it; the rules are in `run-*.ts`. */
export class Kernel {
  readonly options: KernelOptions;
  readonly limits: ReplicaLimits;
  readonly management: ManagementPort;
  readonly canisters = new Map<string, CanisterState>();
  readonly queue = new MessageQueue();
  readonly ingress = new IngressHistory();
  readonly outcalls = new Map<number, PendingOutcall>();
  readonly subnet: SubnetFacts;
  timeNs: bigint;
  version = 0n;
  nextContextId = 1;
  nextOutcallId = 0;
  nextCanisterIndex = FIRST_CANISTER_INDEX;
  randomCounter = 0n;
  /** Stop requests waiting for open contexts to close, by canister. */
  readonly stopRequests = new Map<string, (() => void)[]>();
  readonly eventListeners: ((event: ReplicaEvent) => void)[] = [];

  constructor(options: KernelOptions) {
    this.options = options;
    this.limits = options.limits;
    this.management = options.management;
    this.timeNs = options.timeNs;
    this.subnet = {
      subnetIdBytes: options.subnetId.toUint8Array(),
      rootKey: options.rootKey,
      stableMemoryBytesMax: options.limits.stableMemoryBytes,
      interCanisterBytesMax: options.limits.interCanisterBytes,
      queueHasRoom: (canister, callee, alreadyMade) =>
        this.#queueHasRoom(canister, callee, alreadyMade),
    };
  }

  emit(event: ReplicaEvent): void {
    for (const listener of this.eventListeners) listener(event);
  }

  print(canister: CanisterState, text: Uint8Array): void {
    canister.appendLog(text, this.timeNs);
    this.emit({ kind: 'print', canisterId: canister.id, text: new TextDecoder().decode(text) });
  }

  /** 32 bytes that follow from the seed and how many were drawn before. */
  randomBytes(): Uint8Array {
    this.randomCounter += 1n;
    const hash = createHash('sha256').update(this.options.seed);
    return new Uint8Array(hash.update(this.randomCounter.toString()).digest());
  }

  get(id: Principal): CanisterState | undefined {
    return this.canisters.get(keyOf(id));
  }

  /** Adds an empty canister under the next free id, or under `id` if that is free. */
  createCanister(options: {
    id?: Principal;
    cycles: bigint;
    controllers: readonly Principal[];
  }): CanisterState {
    const id = options.id ?? this.#freshId();
    const canister = new CanisterState({ ...options, id });
    if (this.canisters.has(canister.key)) throw new Error(`BUG: ${canister.key} exists`);
    this.canisters.set(canister.key, canister);
    this.version += 1n;
    return canister;
  }

  #freshId(): Principal {
    for (;;) {
      const bytes = new Uint8Array(10);
      new DataView(bytes.buffer).setBigUint64(0, this.nextCanisterIndex);
      bytes.set([1, 1], 8);
      this.nextCanisterIndex += 1n;
      const id = Principal.fromUint8Array(bytes);
      if (!this.canisters.has(id.toText())) return id;
    }
  }

  isManagement(id: Principal): boolean {
    return keyOf(id) === MANAGEMENT_ID;
  }

  send(message: QueuedMessage): void {
    if (message.kind === 'request') this.#countIngress(message, 1);
    this.queue.push(message);
  }

  take(): QueuedMessage | undefined {
    const message = this.queue.shift();
    if (message?.kind === 'request') this.#countIngress(message, -1);
    return message;
  }

  #countIngress(message: RequestMessage, delta: number): void {
    const canister = message.origin.kind === 'ingress' ? this.get(message.callee) : undefined;
    if (canister !== undefined) canister.queuedIngress += delta;
  }

  /** A queue slot is held from the call until its response is delivered. */
  #queueHasRoom(canister: CanisterState, callee: Uint8Array, alreadyMade: number): boolean {
    const key = Principal.fromUint8Array(callee).toText();
    return (canister.openCalls.get(key) ?? 0) + alreadyMade < this.limits.queueLength;
  }

  openContext(
    canister: CanisterState,
    facts: Pick<CallContext, 'caller' | 'method' | 'origin' | 'cyclesAvailable'>,
  ): CallContext {
    const context: CallContext = {
      ...facts,
      id: this.nextContextId,
      hasResponded: facts.origin.kind === 'nobody',
      pendingCalls: 0,
      instructions: 0n,
      isDeleted: false,
    };
    this.nextContextId += 1;
    canister.contexts.set(context.id, context);
    return context;
  }

  /** Sends the one response a context owes; unaccepted cycles travel back with it. */
  respondContext(context: CallContext, response: Response): void {
    if (context.hasResponded) throw new Error('BUG: a context responded twice');
    context.hasResponded = true;
    const cyclesRefunded = context.cyclesAvailable;
    context.cyclesAvailable = 0n;
    this.deliver(context.origin, response, cyclesRefunded);
  }

  deliver(origin: Origin, response: Response, cyclesRefunded: bigint): void {
    switch (origin.kind) {
      case 'ingress':
        this.ingress.finish(origin.id, response, this.timeNs);
        return;
      case 'canister': {
        const { canisterKey, calleeKey, contextId, callback } = origin;
        const facts = { canisterKey, calleeKey, contextId, callback };
        this.send({ kind: 'response', ...facts, response, cyclesRefunded });
        return;
      }
      case 'nobody':
        return;
    }
  }

  /** Queues the calls an execution made on behalf of a context. */
  sendCalls(canister: CanisterState, context: CallContext, calls: readonly OutgoingCall[]): void {
    for (const { callee, method, arg, cycles, callback } of calls) {
      context.pendingCalls += 1;
      const calleeKey = keyOf(callee);
      canister.countOpenCall(calleeKey, 1);
      const origin: Origin = {
        kind: 'canister',
        canisterKey: canister.key,
        calleeKey,
        contextId: context.id,
        callback,
      };
      this.send({ kind: 'request', callee, method, arg, caller: canister.id, cycles, origin });
    }
  }
}
