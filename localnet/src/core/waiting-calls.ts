import type { CallContext } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import type { NativeSteps } from './native.ts';
import { reply } from './types.ts';

/** Keeps a call open; it counts as one the canister makes to itself, until it is resumed. */
export function leaveWaiting(
  canister: CanisterState,
  context: CallContext,
  steps: NativeSteps,
): void {
  context.pendingCalls += 1;
  canister.countOpenCall(canister.key, 1);
  canister.waiting.push({ contextId: context.id, steps });
}

/** Queues the continuation of every waiting call, in the order they came. */
export function resumeWaiting(kernel: Kernel, canister: CanisterState): number {
  const waiting = canister.waiting;
  canister.waiting = [];
  for (const { contextId, steps } of waiting) {
    kernel.send({
      kind: 'response',
      canisterKey: canister.key,
      calleeKey: canister.key,
      contextId,
      callback: { kind: 'native', steps },
      response: reply(new Uint8Array(0)),
      cyclesRefunded: 0n,
    });
  }
  return waiting.length;
}
