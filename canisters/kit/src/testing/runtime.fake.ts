import { Principal } from '@dfinity/principal';
import type { Cycles } from '@decent-cloud/domain/amount.ts';
import { invariant } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CallFailure, CallRequest, Runtime } from '../runtime/runtime.port.ts';
import type { Delay, Interval, Timers } from '../timers/timers.port.ts';

type CallAnswer = (request: CallRequest) => Promise<Result<Uint8Array, CallFailure>>;

/** The Internet Computer as plain fields that a test sets. A call that nobody answers is a bug. */
export class FakeRuntime implements Runtime {
  now: TimestampNs = timestampNs(1_620_328_630_000_000_000n);
  callerNow: Principal = Principal.anonymous();
  selfId: Principal = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1));
  controllers: readonly Principal[] = [];
  cyclesNow = (10n ** 12n) as Cycles;
  instructionsNow = 0n;
  answerCall: CallAnswer | undefined;
  #openCalls = 0;

  readonly time = () => this.now;
  readonly caller = () => this.callerNow;
  readonly self = () => this.selfId;
  readonly isController = (principal: Principal) =>
    this.controllers.some((controller) => controller.compareTo(principal) === 'eq');
  /** As in a canister, a call is open until its answer has come. */
  readonly call = async (request: CallRequest) => {
    invariant(this.answerCall !== undefined, `nobody answers ${request.method}`);
    this.#openCalls += 1;
    try {
      return await this.answerCall(request);
    } finally {
      this.#openCalls -= 1;
    }
  };
  readonly openCalls = () => this.#openCalls;
  readonly random = () => Promise.resolve(ok(new Uint8Array(32).fill(7)));
  readonly cycles = () => this.cyclesNow;
  readonly instructions = () => this.instructionsNow;
}

/** Timers that fire when a test says so. */
export class FakeTimers implements Timers {
  readonly delays: Delay[] = [];
  readonly intervals: Interval[] = [];

  readonly once = (delay: Delay) => {
    this.delays.push(delay);
  };
  readonly every = (interval: Interval) => {
    this.intervals.push(interval);
  };

  /** Runs the oldest delay; false if there is none. */
  async fireNext(): Promise<boolean> {
    const delay = this.delays.shift();
    await delay?.run();
    return delay !== undefined;
  }
}
