import { IDL } from '@dfinity/candid';
import {
  NATIVE_WAIT,
  NativeReject,
  type NativeContext,
  type NativeStep,
} from '../../core/native.ts';
import { notFound } from '../../core/refusals.ts';
import { ErrorCode, reject } from '../../core/types.ts';
import { trap } from '../native-trap.ts';

/** How a stand-in meets calls. All but `Up` are ways in which a third party fails its callers. */
export type SourceState =
  | { readonly Up: null }
  /** Calls stay open until the state changes, then run as if they had just come. */
  | { readonly Hanging: null }
  /** Reject code 5, as a canister its controllers stopped. */
  | { readonly Stopped: null }
  /** Reject code 3, as an id at which there is no canister. */
  | { readonly Deleted: null }
  /** Reject code 4 with this text, as a guard that refuses. */
  | { readonly Rejecting: string }
  /** Reject code 5 with this text. */
  | { readonly Trapping: string };

export const SourceStateType = IDL.Variant({
  Up: IDL.Null,
  Hanging: IDL.Null,
  Stopped: IDL.Null,
  Deleted: IDL.Null,
  Rejecting: IDL.Text,
  Trapping: IDL.Text,
});

export const UP: SourceState = { Up: null };

/** The switch of one stand-in. */
export class Availability {
  #state: SourceState;
  #waitingCount = 0;

  constructor(state: SourceState = UP) {
    this.#state = state;
  }

  get state(): SourceState {
    return this.#state;
  }

  /** From the next call on; calls that hang go on in the next round, unless they are to hang on. */
  set(state: SourceState): void {
    this.#state = state;
  }

  /** Calls that are open because of `Hanging`. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  get hasCallsToResume(): boolean {
    return this.#waitingCount > 0 && !this.#isHanging();
  }

  resume(context: NativeContext): void {
    if (!this.hasCallsToResume) return;
    this.#waitingCount = 0;
    context.resumeWaiting();
  }

  /** Runs a handler as the state has it. */
  guard(context: NativeContext, run: () => unknown): unknown {
    if (this.#isHanging()) return this.#waitThen(context, run);
    this.#refuse(context);
    return run();
  }

  /** A replica at rest has no open calls, so none are waiting after a load. */
  load(state: SourceState): void {
    this.#state = state;
    this.#waitingCount = 0;
  }

  *#waitThen(context: NativeContext, run: () => unknown): Generator<NativeStep, unknown> {
    while (this.#isHanging()) {
      // A query outside consensus ends at once: nothing of it may stay.
      if (context.isReplicated) this.#waitingCount += 1;
      yield NATIVE_WAIT;
    }
    this.#refuse(context);
    return run();
  }

  #isHanging(): boolean {
    return 'Hanging' in this.#state;
  }

  #refuse(context: NativeContext): void {
    const state = this.#state;
    if ('Deleted' in state) throw new NativeReject(notFound(context.self));
    if ('Stopped' in state) {
      const message = `Canister ${context.self.toText()} is stopped`;
      throw new NativeReject(reject(ErrorCode.CanisterStopped, message));
    }
    if ('Rejecting' in state) {
      throw new NativeReject(reject(ErrorCode.CanisterRejectedMessage, state.Rejecting));
    }
    if ('Trapping' in state) trap(state.Trapping);
  }
}
