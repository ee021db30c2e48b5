import type { Principal } from '@dfinity/principal';
import type { CanisterView, Replica } from '../core/replica-api.ts';
import { ErrorCode, reject, type MessageId, type Reject, type Response } from '../core/types.ts';
import { hashOfMap } from '../crypto/request-id.ts';
import type { LiveHost } from '../host/live-host.ts';
import { OutcallCourier } from '../host/outcall-courier.ts';
import {
  badIngress,
  findSubnetOf,
  isProvisionalCreate,
  routeCall,
  type Route,
} from './call-routing.ts';
import type { CanisterCall } from './canister-call.ts';
import { CanisterPlacement } from './canister-placement.ts';
import type { InstanceClock } from './instance-clock.ts';
import { PicError } from './pic-error.ts';
import type { PlannedSubnet, SubnetPlan } from './subnet-plan.ts';

/** Rounds run for one awaited message. Source: PocketIC `AwaitIngressMessage`. */
const AWAIT_ROUNDS_MAX = 100;
/** Longer than the client waits for an answer by default. */
const LIVE_WAIT_MS = 60_000;

/**
 * Messages and their outcomes are kept for as long as any test may wait by moving time; the replay
 * window of the IC protects signed requests, and these are not signed.
 */
const INGRESS_TTL_NS = 10n * 365n * 24n * 3_600n * 1_000_000_000n;

export interface PicInstanceOptions {
  readonly host: LiveHost;
  readonly clock: InstanceClock;
  readonly plan: SubnetPlan;
}

/** A queued message and the subnet it runs on, or why it was not queued. */
export type Submission =
  | { readonly kind: 'queued'; readonly id: MessageId; readonly subnet: PlannedSubnet }
  | { readonly kind: 'refused'; readonly reject: Reject };

/**
 * One PocketIC instance: a replica that runs a round only when told to, or by itself while
 * auto progress is on.
 */
export class PicInstance {
  readonly plan: SubnetPlan;
  readonly #host: LiveHost;
  readonly #clock: InstanceClock;
  readonly #placement: CanisterPlacement;
  readonly #courier: OutcallCourier;
  /** Set but not yet certified time: the next round takes it, queries do not see it before. */
  #nextTimeNs: bigint;
  #submittedCount = 0n;

  constructor(options: PicInstanceOptions) {
    this.plan = options.plan;
    this.#host = options.host;
    this.#clock = options.clock;
    this.#nextTimeNs = options.host.replica.timeNs();
    this.#courier = new OutcallCourier(options.host);
    this.#placement = new CanisterPlacement({
      replica: options.host.replica,
      defaultSubnet: options.plan.defaultSubnet,
    });
  }

  get replica(): Replica {
    return this.#host.replica;
  }

  get isLive(): boolean {
    return this.#host.isRunning;
  }

  timeNs(): bigint {
    const certifiedNs = this.#host.refreshTimeNs();
    return this.#nextTimeNs > certifiedNs ? this.#nextTimeNs : certifiedNs;
  }

  /** Moves time forward: for the next round, or if `isCertified` for queries at once. */
  setTime(time: { readonly toNs: bigint; readonly isCertified: boolean }): void {
    const currentNs = this.timeNs();
    const { toNs } = time;
    if (toNs < currentNs) {
      const times = `(${currentNs}, ${toNs})`;
      throw new PicError(`SettingTimeIntoPast(${times})`);
    }
    if (toNs === currentNs) return;
    this.#nextTimeNs = toNs;
    this.#clock.jumpTo(toNs);
    if (time.isCertified) this.replica.setTime(toNs);
  }

  /** One round, at the time set or one nanosecond after the last round. */
  tick(): void {
    const certifiedNs = this.replica.timeNs();
    const atNs = this.#nextTimeNs > certifiedNs ? this.#nextTimeNs : certifiedNs + 1n;
    this.#host.tick(atNs);
  }

  /** Runs rounds by the wall clock from now on, and performs HTTPS outcalls for real. */
  startProgress(artificialDelayMs: number): void {
    if (artificialDelayMs > 0) {
      throw new PicError('localnet does not serve `artificial_delay_ms`: rounds follow demand.');
    }
    if (this.isLive) throw new PicError('Auto progress mode has already been enabled.');
    this.#clock.startFrom(this.timeNs());
    this.#host.start();
    this.#courier.start();
  }

  stopProgress(): void {
    this.#courier.stop();
    this.#host.stop();
  }

  /** Queues a call. Refused are an unknown or stopped canister and what inspect_message refuses. */
  submit(call: CanisterCall): Submission {
    const route = routeCall(this.plan, call);
    const stray = this.#rejectStray(route);
    if (stray !== undefined) return { kind: 'refused', reject: stray };
    const { sender, canisterId, method } = call;
    const arg = isProvisionalCreate(call)
      ? this.#placement.place(call.arg, route.subnet)
      : call.arg;
    const id = this.#nextMessageId(call);
    const expiryNs = this.timeNs() + INGRESS_TTL_NS;
    const outcome = this.replica.submit({ id, sender, canisterId, method, arg, expiryNs });
    if (outcome.kind === 'refused') return outcome;
    this.#host.kick();
    return { kind: 'queued', id, subnet: route.subnet };
  }

  query(call: CanisterCall): Response {
    const stray = this.#rejectStray(routeCall(this.plan, call));
    if (stray !== undefined) return stray;
    const { sender, canisterId, method, arg } = call;
    this.#host.refreshTimeNs();
    return this.replica.query({ sender, canisterId, method, arg });
  }

  /** The outcome so far, or undefined while it is pending. Throws for an unknown message. */
  messageResponse(id: MessageId): Response | undefined {
    const status = this.replica.ingressStatus(id);
    switch (status.kind) {
      case 'replied':
        return { kind: 'reply', data: status.data };
      case 'rejected':
        return status.reject;
      case 'received':
      case 'processing':
        return undefined;
      case 'done':
        throw badIngress(`The response of ingress 0x${id} is no longer kept.`);
      case 'unknown':
        throw badIngress(`There is no ingress 0x${id}.`);
    }
  }

  /**
   * Runs rounds until the message has ended, 100 at most; while live it waits for those that run
   * anyway. Throws `PicError` if the message has not ended by then.
   */
  async awaitMessage(id: MessageId): Promise<Response> {
    if (this.isLive) await this.#host.waitForIngress(id, LIVE_WAIT_MS);
    else this.#runRounds(id);
    const response = this.messageResponse(id);
    if (response !== undefined) return response;
    const limit = this.isLive ? `${LIVE_WAIT_MS} ms` : `${AWAIT_ROUNDS_MAX} rounds`;
    throw badIngress(`Failed to answer to ingress 0x${id} after ${limit}.`);
  }

  /** Throws `PicError` if there is no such canister. */
  existingCanister(id: Principal): CanisterView {
    const canister = this.replica.canister(id);
    if (canister === undefined) throw new PicError(`CanisterNotFound(CanisterId(${id.toText()}))`);
    return canister;
  }

  /** Throws `PicError` if there is no such canister or nothing is installed in it. */
  installedCanister(id: Principal): CanisterView {
    const canister = this.existingCanister(id);
    if (canister.moduleHash === undefined) {
      throw new PicError(`CanisterIsEmpty(CanisterId(${id.toText()}))`);
    }
    return canister;
  }

  #runRounds(id: MessageId): void {
    for (let round = 0; round < AWAIT_ROUNDS_MAX; round += 1) {
      if (this.messageResponse(id) !== undefined) return;
      this.tick();
    }
  }

  /** A call sent to a subnet that is not the canister's finds no such canister there. */
  #rejectStray({ subnet, subject }: Route): Reject | undefined {
    if (subject === undefined) return undefined;
    const home = findSubnetOf(this.plan, subject);
    if (home === undefined || home === subnet) return undefined;
    return reject(ErrorCode.CanisterNotFound, `Canister ${subject.toText()} not found`);
  }

  #nextMessageId(call: CanisterCall): MessageId {
    this.#submittedCount += 1n;
    const hash = hashOfMap({
      request_type: 'call',
      sender: call.sender.toUint8Array(),
      canister_id: call.canisterId.toUint8Array(),
      method_name: call.method,
      arg: call.arg,
      nonce: this.#submittedCount,
    });
    return Buffer.from(hash).toString('hex') as MessageId;
  }
}
