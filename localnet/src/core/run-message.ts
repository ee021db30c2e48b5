import { Principal } from '@dfinity/principal';
import type {
  CallContext,
  QueuedMessage,
  RequestMessage,
  ResponseMessage,
  TaskMessage,
} from './call-context.ts';
import type { CanisterCode, CanisterState } from './canister-state.ts';
import { isFrozen } from './cycles-cost.ts';
import { closeIfDone } from './close-context.ts';
import type { ExecutionInput } from './execution.ts';
import type { Kernel } from './kernel.ts';
import { nativeContext, resumeNative } from './native-runner.ts';
import { noModule, notFound, noUpdateMethod, outOfCycles, timedOut } from './refusals.ts';
import { reportExecution, trapReject } from './reporting.ts';
import { frameOf, runNativeRequest, settleNative } from './run-native.ts';
import { ErrorCode, type Reject, reject } from './types.ts';
import type { EntryPoint, ExecutionResult } from './wasm-runner.ts';

type WasmCode = Extract<CanisterCode, { kind: 'wasm' }>;

/** Executes one queued message to its end. */
export function runMessage(kernel: Kernel, message: QueuedMessage): void {
  kernel.version += 1n;
  switch (message.kind) {
    case 'request':
      runRequest(kernel, message);
      return;
    case 'response':
      runResponse(kernel, message);
      return;
    case 'task':
      runTask(kernel, message);
  }
}

function runRequest(kernel: Kernel, request: RequestMessage): void {
  const { origin, callee, method, arg, caller, cycles } = request;
  if (origin.kind === 'ingress') {
    if (kernel.timeNs > origin.expiryNs) {
      kernel.deliver(origin, timedOut(origin.id), 0n);
      return;
    }
    kernel.ingress.markProcessing(origin.id);
  }
  if (kernel.isManagement(callee)) {
    kernel.management.handle(kernel, { method, arg, caller, cycles, origin });
    return;
  }
  const canister = kernel.get(callee);
  const refusal = refuse(canister, request);
  if (canister?.code === undefined || refusal !== undefined) {
    kernel.deliver(origin, refusal ?? notFound(callee), cycles);
    return;
  }
  const context = kernel.openContext(canister, { caller, method, origin, cyclesAvailable: cycles });
  if (canister.code.kind === 'wasm') runWasmRequest(kernel, canister, canister.code, context, arg);
  else runNativeRequest(kernel, canister, context, arg);
}

function refuse(canister: CanisterState | undefined, request: RequestMessage): Reject | undefined {
  if (canister === undefined) return notFound(request.callee);
  if (canister.status === 'stopped') {
    return reject(ErrorCode.CanisterStopped, `Canister ${canister.key} is stopped`);
  }
  if (canister.status === 'stopping') {
    return reject(ErrorCode.CanisterStopping, `Canister ${canister.key} is not running`);
  }
  if (canister.code === undefined) return noModule(canister);
  if (isFrozen(canister)) return outOfCycles(canister);
  const isCall = request.origin.kind === 'canister';
  if (isCall && request.cycles < canister.settings.minimumIncomingCallCycles) {
    return reject(ErrorCode.CanisterRejectedMessage, 'Too few cycles attached to the call');
  }
  return unknownMethod(canister, canister.code, request.method);
}

function unknownMethod(
  canister: CanisterState,
  code: CanisterCode,
  method: string,
): Reject | undefined {
  if (code.kind === 'native') {
    return code.program.methods.has(method) ? undefined : noUpdateMethod(canister, method);
  }
  const { exportNames } = code.compiled;
  if (exportNames.has(`canister_update ${method}`)) return undefined;
  if (exportNames.has(`canister_query ${method}`)) return undefined;
  if (!exportNames.has(`canister_composite_query ${method}`))
    return noUpdateMethod(canister, method);
  return reject(
    ErrorCode.CompositeQueryCalledInReplicatedMode,
    `Error from Canister ${canister.key}: Composite query cannot be called in replicated mode`,
  );
}

function runWasmRequest(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  context: CallContext,
  arg: Uint8Array,
): void {
  const isUpdate = code.compiled.exportNames.has(`canister_update ${context.method}`);
  const name = `${isUpdate ? 'canister_update' : 'canister_query'} ${context.method}`;
  const result = execute(kernel, canister, code, {
    entry: { kind: 'export', name },
    label: name,
    retention: isUpdate ? 'keep' : 'discard',
    input: {
      ...baseInput(kernel, context),
      kind: isUpdate ? 'update' : 'replicated-query',
      arg,
    },
  });
  if (!isUpdate && result.trap === undefined) {
    // A replicated query keeps nothing of its state, but accepting cycles stands.
    const { cyclesAccepted } = result.execution;
    context.cyclesAvailable -= cyclesAccepted;
    canister.cycles += cyclesAccepted;
  }
  settle(kernel, canister, context, result);
}

/** What every execution of a context shares. */
function baseInput(kernel: Kernel, context: CallContext): Omit<ExecutionInput, 'kind' | 'arg'> {
  return {
    caller: context.caller,
    method: context.method,
    timeNs: kernel.timeNs,
    instructionLimit: kernel.limits.updateInstructions,
    replyBytesMax: kernel.limits.replyBytes,
    context,
    isReplicated: true,
  };
}

interface Run {
  readonly entry: EntryPoint;
  readonly label: string;
  readonly retention: 'keep' | 'discard';
  readonly input: ExecutionInput;
}

function execute(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  run: Run,
): ExecutionResult {
  const cut = kernel.options.cutShort?.({ canisterId: canister.id, entry: run.label });
  const input = cut === undefined ? run.input : { ...run.input, instructionLimit: cut };
  const result = code.runner.run(input, run.entry, run.retention);
  if (run.input.context !== undefined) run.input.context.instructions += result.instructions;
  if (result.trap === undefined && run.retention === 'keep') canister.version += 1n;
  reportExecution(kernel, canister, run.label, result);
  return result;
}

/** Applies the outcome of an execution to its context: calls out, response, closing. */
function settle(
  kernel: Kernel,
  canister: CanisterState,
  context: CallContext,
  { execution, trap }: ExecutionResult,
): void {
  if (trap !== undefined) {
    // Another callback may still be open; the trap ends the context only when none is.
    if (!context.hasResponded && context.pendingCalls === 0) {
      kernel.respondContext(context, trapReject(canister, trap));
    }
  } else {
    kernel.sendCalls(canister, context, execution.calls);
    if (execution.response !== undefined) kernel.respondContext(context, execution.response);
  }
  closeIfDone(kernel, canister, context);
}

function runResponse(kernel: Kernel, message: ResponseMessage): void {
  const canister = kernel.canisters.get(message.canisterKey);
  if (canister === undefined) return;
  canister.cycles += message.cyclesRefunded;
  canister.countOpenCall(message.calleeKey, -1);
  const context = canister.contexts.get(message.contextId);
  if (context === undefined) throw new Error('BUG: response to a closed context');
  context.pendingCalls -= 1;
  if (context.isDeleted || canister.code === undefined) {
    closeIfDone(kernel, canister, context);
    return;
  }
  const { callback } = message;
  if (callback.kind === 'native') {
    const { response, cyclesRefunded } = message;
    const outcome = resumeNative(canister, callback.steps, { response, cyclesRefunded });
    settleNative(kernel, canister, context, outcome);
    return;
  }
  if (canister.code.kind === 'wasm') runCallback(kernel, canister, canister.code, context, message);
}

function runCallback(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  context: CallContext,
  message: ResponseMessage,
): void {
  const { callback, response, cyclesRefunded } = message;
  if (callback.kind !== 'wasm') throw new Error('BUG: native callback in a Wasm canister');
  const isReply = response.kind === 'reply';
  const input: ExecutionInput = {
    ...baseInput(kernel, context),
    kind: isReply ? 'reply' : 'reject',
    arg: isReply ? response.data : new Uint8Array(0),
    cyclesRefunded,
    ...(isReply ? {} : { rejectCode: response.code, rejectMessage: response.message }),
  };
  const closure = isReply ? callback.reply : callback.reject;
  const result = execute(kernel, canister, code, {
    entry: { kind: 'closure', closure },
    label: `${input.kind} callback of ${context.method}`,
    retention: 'keep',
    input,
  });
  if (result.trap !== undefined && callback.cleanup !== undefined) {
    execute(kernel, canister, code, {
      entry: { kind: 'closure', closure: callback.cleanup },
      label: `cleanup callback of ${context.method}`,
      retention: 'keep',
      input: { ...input, kind: 'cleanup' },
    });
  }
  settle(kernel, canister, context, result);
}

function runTask(kernel: Kernel, { canisterKey, task }: TaskMessage): void {
  const canister = kernel.canisters.get(canisterKey);
  if (canister === undefined || canister.code === undefined) return;
  if (canister.status !== 'running') {
    // A timer is over once it ran. One that a stop overtook is due when the canister runs again.
    const isLost = task === 'canister_global_timer' && canister.globalTimerNs === 0n;
    if (isLost) canister.globalTimerNs = kernel.timeNs;
    return;
  }
  if (isFrozen(canister)) return;
  const context = kernel.openContext(canister, {
    caller: Principal.managementCanister(),
    method: task,
    origin: { kind: 'nobody' },
    cyclesAvailable: 0n,
  });
  if (canister.code.kind === 'native') {
    canister.code.program.onTimer?.(nativeContext(frameOf(kernel, canister, context)));
    closeIfDone(kernel, canister, context);
    return;
  }
  const result = execute(kernel, canister, canister.code, {
    entry: { kind: 'export', name: task },
    label: task,
    retention: 'keep',
    input: { ...baseInput(kernel, context), kind: 'system-task', arg: new Uint8Array(0) },
  });
  settle(kernel, canister, context, result);
}
