import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Replica, ReplicaEvent } from '../core/replica-api.ts';
import type { MessageId, Response } from '../core/types.ts';
import { InstructionMeter, type Measurement } from './instruction-meter.ts';
import { CallRecord, decodeResponse, pendingCall, type PendingCall } from './pending-call.ts';
import {
  bindService,
  decodeReply,
  encodeArgs,
  isQuery,
  type RawCall,
  type ServiceFactory,
  type SubmitActor,
  type SyncActor,
} from './sync-actor.ts';

const LIFETIME_NS = 300_000_000_000n;
/** Far more rounds than any call tree takes; what needs more never ends. */
const ROUNDS_MAX = 100_000;

export interface TypedCall {
  readonly canisterId: Principal;
  readonly method: string;
  readonly argTypes: readonly IDL.Type[];
  readonly args: readonly unknown[];
  readonly replyTypes: readonly IDL.Type[];
}

export interface Caller {
  /** Runs an update to its end. Throws `RejectedError`. The reply has the type its caller says. */
  update(call: TypedCall): unknown;
  /** Throws `RejectedError`. */
  query(call: TypedCall): unknown;
  submit(call: TypedCall): PendingCall<unknown>;
}

/** Time, rounds and calls of a world. Time stands still but for `advance` and `elapse`. */
export class WorldCalls {
  readonly replica: Replica;
  readonly #meter: InstructionMeter;
  readonly #open = new Map<MessageId, CallRecord>();
  #nextMessage: number;

  constructor(replica: Replica, nextMessage: number) {
    this.replica = replica;
    this.#nextMessage = nextMessage;
    this.#meter = new InstructionMeter(replica);
  }

  /** The number of the next message; a restored world goes on from it. */
  get nextMessage(): number {
    return this.#nextMessage;
  }

  get timeNs(): bigint {
    return this.replica.timeNs();
  }

  /** One round at the present time: due timers start, then queued messages run. */
  round(): void {
    this.#roundAt(this.timeNs);
  }

  #roundAt(atNs: bigint): void {
    this.replica.round(atNs);
    for (const [id, record] of this.#open) {
      const status = this.replica.ingressStatus(id);
      if (status.kind === 'replied') record.settle({ kind: 'reply', data: status.data });
      else if (status.kind === 'rejected') record.settle(status.reject);
      else continue;
      this.#open.delete(id);
    }
  }

  /** True if a round would run anything: messages, due timers, heartbeats. */
  wantsRound(): boolean {
    return this.replica.wantsRound(this.timeNs);
  }

  /** Runs rounds until nothing is left to run now. Calls that hang stay open. */
  runUntilIdle(): void {
    for (let rounds = 0; this.wantsRound(); rounds += 1) {
      if (rounds === ROUNDS_MAX) throw new Error('the canisters never come to rest');
      this.round();
    }
  }

  /** Lets time jump, as after an outage of the subnet: a timer due in between fires once. */
  advance(byNs: bigint): void {
    this.#roundAt(this.timeNs + byNs);
    this.runUntilIdle();
  }

  /** Lets time pass: every timer due in between fires at its own time. */
  elapse(byNs: bigint): void {
    const untilNs = this.timeNs + byNs;
    for (;;) {
      const dueNs = this.replica.nextTimerNs();
      if (dueNs === undefined || dueNs > untilNs) break;
      this.#roundAt(dueNs);
      this.runUntilIdle();
    }
    this.advance(untilNs - this.timeNs);
  }

  /** Hands an update in without running it. A refusal at the door is an answer at once. */
  submit<T>(sender: Principal, call: RawCall, decode: (reply: Uint8Array) => T): PendingCall<T> {
    const id = this.#nextMessage.toString(16).padStart(64, '0') as MessageId;
    this.#nextMessage += 1;
    const record = new CallRecord({ id, method: call.method, spentNow: () => this.#meter.total });
    const expiryNs = this.timeNs + LIFETIME_NS;
    const outcome = this.replica.submit({ id, sender, expiryNs, ...call });
    if (outcome.kind === 'refused') record.settle(outcome.reject);
    else this.#open.set(id, record);
    return pendingCall(record, decode);
  }

  /** Runs rounds until the call is answered. Throws if it waits for what does not come by itself. */
  settle<T>(call: PendingCall<T>): Response {
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
      const response = call.response();
      if (response !== undefined) return response;
      if (!this.wantsRound()) throw new Error(`${call.method} waits and nothing is left to run`);
      this.round();
    }
    throw new Error(`${call.method} gave no answer in ${ROUNDS_MAX} rounds`);
  }

  /** Runs rounds until the call is answered. Throws `RejectedError`. */
  complete<T>(call: PendingCall<T>): T {
    this.settle(call);
    return call.result();
  }

  /** Calls by Candid types, for tests without declarations. */
  caller(sender: Principal): Caller {
    const submit = ({ args, argTypes, replyTypes, ...call }: TypedCall): PendingCall<unknown> =>
      this.submit(sender, { ...call, arg: encodeArgs(argTypes, args) }, (reply) =>
        decodeReply(replyTypes, reply),
      );
    return {
      submit,
      update: (call) => this.complete(submit(call)),
      query: ({ args, argTypes, replyTypes, ...call }) => {
        const response = this.replica.query({ sender, ...call, arg: encodeArgs(argTypes, args) });
        return decodeResponse(call.method, response, (reply) => decodeReply(replyTypes, reply));
      },
    };
  }

  /** A canister as plain functions. A rejected call throws `RejectedError`. */
  actor<Service>(
    canisterId: Principal,
    factory: ServiceFactory,
    sender: Principal,
  ): SyncActor<Service> {
    const caller = this.caller(sender);
    const methods = bindService(factory, (method, func) => (...args: unknown[]): unknown => {
      const { argTypes, retTypes: replyTypes } = func;
      const call = { canisterId, method, argTypes, args, replyTypes };
      return isQuery(func) ? caller.query(call) : caller.update(call);
    });
    return methods as unknown as SyncActor<Service>;
  }

  /** The same canister; its methods only hand calls in and give handles. */
  submitter<Service>(
    canisterId: Principal,
    factory: ServiceFactory,
    sender: Principal,
  ): SubmitActor<Service> {
    const caller = this.caller(sender);
    const methods = bindService(factory, (method, func) => (...args: unknown[]) => {
      const { argTypes, retTypes: replyTypes } = func;
      return caller.submit({ canisterId, method, argTypes, args, replyTypes });
    });
    return methods as unknown as SubmitActor<Service>;
  }

  /** Measures what `run` makes canisters execute, in all and for each. */
  measure<T>(run: () => T): Measurement<T> {
    return this.#meter.measure(run);
  }

  onEvent(listener: (event: ReplicaEvent) => void): void {
    this.replica.onEvent(listener);
  }
}
