import type { CallContext } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import { closeIfDone } from './close-context.ts';
import type { Kernel } from './kernel.ts';
import { type NativeFrame, type NativeOutcome, runNative } from './native-runner.ts';
import { leaveWaiting } from './waiting-calls.ts';

/** Starts a native canister's handler for a request. */
export function runNativeRequest(
  kernel: Kernel,
  canister: CanisterState,
  context: CallContext,
  arg: Uint8Array,
): void {
  if (canister.code?.kind !== 'native') throw new Error('BUG: not a native canister');
  const method = canister.code.program.methods.get(context.method);
  if (method === undefined) throw new Error('BUG: method was checked');
  const outcome = runNative(frameOf(kernel, canister, context), method.handle, arg);
  kernel.emit({
    kind: 'executed',
    canisterId: canister.id,
    entry: `canister_${method.kind} ${context.method}`,
    instructions: 0n,
    outcome: outcome.kind === 'answer' && outcome.response.kind === 'reject' ? 'trap' : 'ok',
    detail:
      outcome.kind === 'answer' && outcome.response.kind === 'reject'
        ? outcome.response.message
        : '',
  });
  settleNative(kernel, canister, context, outcome);
}

export function frameOf(
  kernel: Kernel,
  canister: CanisterState,
  context: CallContext,
): NativeFrame {
  return {
    kernel,
    canister,
    context,
    caller: context.caller,
    isReplicated: true,
    dataCertificate: undefined,
  };
}

/** Applies a native outcome to its context: the next call out, a wait, or the response. */
export function settleNative(
  kernel: Kernel,
  canister: CanisterState,
  context: CallContext,
  outcome: NativeOutcome,
): void {
  canister.version += 1n;
  if (outcome.kind === 'answer') kernel.respondContext(context, outcome.response);
  else if (outcome.kind === 'call') kernel.sendCalls(canister, context, [outcome.call]);
  else leaveWaiting(canister, context, outcome.steps);
  closeIfDone(kernel, canister, context);
}
