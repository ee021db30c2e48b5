import type { CallContext } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import { ErrorCode, reject } from './types.ts';

/** Ends a context with no open calls; one that never answered is rejected (IC0506). */
export function closeIfDone(kernel: Kernel, canister: CanisterState, context: CallContext): void {
  if (context.pendingCalls > 0) return;
  if (!context.hasResponded) {
    kernel.respondContext(
      context,
      reject(
        ErrorCode.CanisterDidNotReply,
        `Error from Canister ${canister.key}: Canister did not reply to the call`,
      ),
    );
  }
  canister.contexts.delete(context.id);
  finishStopIfIdle(kernel, canister);
}

/** Completes a stop once no context is open (I6). */
export function finishStopIfIdle(kernel: Kernel, canister: CanisterState): void {
  if (canister.status !== 'stopping' || canister.contexts.size > 0) return;
  canister.status = 'stopped';
  const waiting = kernel.stopRequests.get(canister.key) ?? [];
  kernel.stopRequests.delete(canister.key);
  for (const answer of waiting) answer();
}
