import type { Replica } from '../core/replica-api.ts';
import type { IngressStatus, MessageId } from '../core/types.ts';
import type { ReplicaHost } from './replica-host.ts';

/** The IC makes about one block a second; heartbeats and timers are looked at that often. */
const IDLE_ROUND_MS = 1_000;
const NS_PER_MS = 1_000_000n;

interface Waiter {
  readonly id: MessageId;
  readonly settle: (status: IngressStatus) => void;
}

export interface LiveHostOptions {
  readonly replica: Replica;
  readonly nowNs?: () => bigint;
}

/**
 * Drives a replica by the wall clock. While stopped nothing executes and time stands still, so a
 * test that ticks by hand and a live network share one class.
 */
export class LiveHost implements ReplicaHost {
  readonly replica: Replica;
  readonly #nowNs: () => bigint;
  readonly #waiters = new Set<Waiter>();
  #aheadNs = 0n;
  #isRunning = false;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LiveHostOptions) {
    this.replica = options.replica;
    this.#nowNs = options.nowNs ?? (() => BigInt(Date.now()) * NS_PER_MS);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get aheadNs(): bigint {
    return this.#aheadNs;
  }

  /** Continues from the replica's time if that is ahead of the clock. */
  start(): void {
    const aheadNs = this.replica.timeNs() - this.#nowNs();
    this.#aheadNs = aheadNs > 0n ? aheadNs : 0n;
    this.#isRunning = true;
    this.kick();
  }

  stop(): void {
    this.#isRunning = false;
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = undefined;
  }

  refreshTimeNs(): bigint {
    if (this.#isRunning) this.replica.setTime(this.#monotoneNowNs());
    return this.replica.timeNs();
  }

  /** From here on time runs ahead of the clock by so much more. */
  skip(durationNs: bigint): void {
    if (durationNs < 0n) throw new RangeError('time does not go back');
    this.#aheadNs += durationNs;
    this.kick();
  }

  kick(): void {
    if (!this.#isRunning || this.#immediate !== undefined) return;
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      this.#step();
    });
  }

  /** Runs one round now, whether live or not, and wakes whoever waited for its results. */
  tick(atNs: bigint): void {
    this.replica.round(atNs);
    this.#settleWaiters();
  }

  waitForIngress(id: MessageId, timeoutMs: number): Promise<IngressStatus> {
    const status = this.replica.ingressStatus(id);
    if (isFinal(status)) return Promise.resolve(status);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        id,
        settle: (final) => {
          clearTimeout(timeout);
          this.#waiters.delete(waiter);
          resolve(final);
        },
      };
      const timeout = setTimeout(() => {
        waiter.settle(this.replica.ingressStatus(id));
      }, timeoutMs);
      this.#waiters.add(waiter);
      this.kick();
    });
  }

  #step(): void {
    const atNs = this.#monotoneNowNs();
    if (this.replica.wantsRound(atNs)) this.tick(atNs);
    if (!this.#isRunning) return;
    clearTimeout(this.#timer);
    if (this.replica.wantsMoreNow()) this.kick();
    else this.#timer = setTimeout(() => this.#step(), this.#idleMs(atNs)).unref();
  }

  #idleMs(atNs: bigint): number {
    const timerNs = this.replica.nextTimerNs();
    if (timerNs === undefined || timerNs <= atNs) return IDLE_ROUND_MS;
    const untilMs = Number((timerNs - atNs + NS_PER_MS - 1n) / NS_PER_MS);
    return Math.min(IDLE_ROUND_MS, untilMs);
  }

  #monotoneNowNs(): bigint {
    const nowNs = this.#nowNs() + this.#aheadNs;
    const currentNs = this.replica.timeNs();
    return nowNs > currentNs ? nowNs : currentNs;
  }

  #settleWaiters(): void {
    for (const waiter of [...this.#waiters]) {
      const status = this.replica.ingressStatus(waiter.id);
      if (isFinal(status)) waiter.settle(status);
    }
  }
}

function isFinal(status: IngressStatus): boolean {
  return status.kind === 'replied' || status.kind === 'rejected' || status.kind === 'done';
}
