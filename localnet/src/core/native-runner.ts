import type { Principal } from '@dfinity/principal';
import type { CallContext, OutgoingCall } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import {
  type NativeCallOutcome,
  type NativeContext,
  type NativeHandler,
  NativeReject,
  type NativeStep,
  type NativeSteps,
} from './native.ts';
import { ErrorCode, reject, reply, type Response } from './types.ts';
import { resumeWaiting } from './waiting-calls.ts';

/** What a native execution came to: an answer, one more call to make first, or a wait. */
export type NativeOutcome =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'call'; readonly call: OutgoingCall }
  | { readonly kind: 'wait'; readonly steps: NativeSteps };

export interface NativeFrame {
  readonly kernel: Kernel;
  readonly canister: CanisterState;
  readonly caller: Principal;
  readonly context: CallContext | undefined;
  readonly isReplicated: boolean;
  readonly dataCertificate: (() => Uint8Array) | undefined;
}

/** The handler's view of the subnet. */
export function nativeContext(frame: NativeFrame): NativeContext {
  const { kernel, canister, context } = frame;
  return {
    self: canister.id,
    caller: frame.caller,
    get timeNs() {
      return kernel.timeNs;
    },
    isReplicated: frame.isReplicated,
    cyclesAvailable: () => context?.cyclesAvailable ?? 0n,
    acceptCycles: (max) => {
      if (context === undefined) return 0n;
      const taken = max < context.cyclesAvailable ? max : context.cyclesAvailable;
      context.cyclesAvailable -= taken;
      canister.cycles += taken;
      return taken;
    },
    cyclesBalance: () => canister.cycles,
    setCertifiedData: (data) => {
      canister.certifiedData = data.slice();
    },
    dataCertificate: () => frame.dataCertificate?.(),
    isController: (principal) => canister.isController(principal),
    resumeWaiting: () => resumeWaiting(kernel, canister),
    spawnNative: (program) => {
      const spawned = kernel.createCanister({ cycles: 0n, controllers: [canister.id] });
      spawned.code = { kind: 'native', program };
      return spawned.id;
    },
    print: (text) => {
      kernel.print(canister, new TextEncoder().encode(text));
    },
  };
}

/** Starts a handler. A thrown error becomes a reject; TypeScript state is not rolled back. */
export function runNative(
  frame: NativeFrame,
  handle: NativeHandler,
  arg: Uint8Array,
): NativeOutcome {
  return guarded(() => {
    const result = handle(nativeContext(frame), arg);
    return result instanceof Uint8Array
      ? { kind: 'answer', response: reply(result) }
      : advance(frame.canister, result, result.next());
  });
}

/** Continues a handler with the outcome of the call it made. */
export function resumeNative(
  canister: CanisterState,
  steps: NativeSteps,
  outcome: NativeCallOutcome,
): NativeOutcome {
  return guarded(() => advance(canister, steps, steps.next(outcome)));
}

function advance(
  canister: CanisterState,
  steps: NativeSteps,
  result: IteratorResult<NativeStep, Uint8Array>,
): NativeOutcome {
  if (result.done === true) return { kind: 'answer', response: reply(result.value) };
  if ('kind' in result.value) return { kind: 'wait', steps };
  const { canisterId: callee, method, arg, cycles = 0n } = result.value;
  if (cycles > canister.cycles) {
    // The handler may have changed state before the call, so it must see the failure itself.
    const response = outOfCycles(canister);
    return advance(canister, steps, steps.next({ response, cyclesRefunded: 0n }));
  }
  canister.cycles -= cycles;
  return {
    kind: 'call',
    call: { callee, method, arg, cycles, callback: { kind: 'native', steps } },
  };
}

function guarded(run: () => NativeOutcome): NativeOutcome {
  try {
    return run();
  } catch (error) {
    if (error instanceof NativeReject) return { kind: 'answer', response: error.reject };
    const message = error instanceof Error ? error.message : String(error);
    const response = reject(ErrorCode.CanisterCalledTrap, message);
    return { kind: 'answer', response };
  }
}

function outOfCycles(canister: CanisterState): Response {
  return reject(ErrorCode.CanisterOutOfCycles, `Canister ${canister.key} is out of cycles`);
}
