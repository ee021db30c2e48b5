import type { Principal } from '@dfinity/principal';
import type { CallContext, OutgoingCall } from './call-context.ts';
import type { CanisterCode, CanisterState } from './canister-state.ts';
import { isFrozen } from './cycles-cost.ts';
import type { ExecutionInput } from './execution.ts';
import type { Kernel } from './kernel.ts';
import { runNative } from './native-runner.ts';
import { noModule, notFound, outOfCycles } from './refusals.ts';
import { reportExecution, trapReject } from './reporting.ts';

import { ErrorCode, type QueryMessage, type Reject, reject, type Response } from './types.ts';

type WasmCode = Extract<CanisterCode, { kind: 'wasm' }>;

/** The IC refuses deeper graphs of composite queries. */
const CALL_DEPTH_MAX = 6;

/** Runs a query or composite query; nothing of what it does remains (I7, rule 10). */
export function runQuery(kernel: Kernel, message: QueryMessage): Response {
  if (kernel.isManagement(message.canisterId)) return kernel.management.query(kernel, message);
  return runAt(kernel, message, []);
}

/** `callers` are the canisters above in a composite query's call graph. */
function runAt(kernel: Kernel, message: QueryMessage, callers: readonly string[]): Response {
  const canister = kernel.get(message.canisterId);
  const refusal = refuse(canister, message, callers);
  if (canister?.code === undefined || refusal !== undefined) {
    return refusal ?? notFound(message.canisterId);
  }
  if (canister.code.kind === 'native') return runNativeQuery(kernel, canister, message, callers);
  const isComposite = canister.code.compiled.exportNames.has(
    `canister_composite_query ${message.method}`,
  );
  return isComposite
    ? runComposite(kernel, canister, canister.code, message, callers)
    : runPlain(kernel, canister, canister.code, message, callers);
}

function refuse(
  canister: CanisterState | undefined,
  message: QueryMessage,
  callers: readonly string[],
): Reject | undefined {
  if (canister === undefined) return notFound(message.canisterId);
  if (canister.status !== 'running') {
    const code =
      canister.status === 'stopped' ? ErrorCode.CanisterStopped : ErrorCode.CanisterStopping;
    return reject(code, `Canister ${canister.key} is ${canister.status}`);
  }
  if (canister.code === undefined) return noModule(canister);
  if (isFrozen(canister)) return outOfCycles(canister);
  if (callers.includes(canister.key)) {
    return reject(ErrorCode.QueryCallGraphLoopDetected, 'Loop in the composite query call graph');
  }
  if (callers.length >= CALL_DEPTH_MAX) {
    return reject(ErrorCode.QueryCallGraphTooDeep, 'Composite query call graph is too deep');
  }
  return undefined;
}

function noQueryMethod(canister: CanisterState, method: string): Reject {
  return reject(
    ErrorCode.CanisterMethodNotFound,
    `Error from Canister ${canister.key}: Canister has no query method '${method}'.`,
  );
}

function runNativeQuery(
  kernel: Kernel,
  canister: CanisterState,
  message: QueryMessage,
  callers: readonly string[],
): Response {
  const method =
    canister.code?.kind === 'native'
      ? canister.code.program.methods.get(message.method)
      : undefined;
  if (method?.kind !== 'query') return noQueryMethod(canister, message.method);
  const frame = {
    kernel,
    canister,
    caller: message.sender,
    context: undefined,
    isReplicated: false,
    dataCertificate: certificateFor(kernel, canister, callers),
  };
  const outcome = runNative(frame, method.handle, message.arg);
  if (outcome.kind === 'answer') return outcome.response;
  if (outcome.kind === 'wait') return didNotReply(canister);
  canister.cycles += outcome.call.cycles;
  return reject(ErrorCode.CanisterContractViolation, 'A query cannot call other canisters');
}

/** Only the canister queried from outside gets a certificate. */
function certificateFor(
  kernel: Kernel,
  canister: CanisterState,
  callers: readonly string[],
): (() => Uint8Array) | undefined {
  return callers.length > 0 ? undefined : () => kernel.options.dataCertificate(canister.id);
}

function queryInput(
  kernel: Kernel,
  canister: CanisterState,
  message: QueryMessage,
  callers: readonly string[],
): ExecutionInput {
  const dataCertificate = certificateFor(kernel, canister, callers);
  return {
    kind: 'query',
    caller: message.sender,
    arg: message.arg,
    method: message.method,
    timeNs: kernel.timeNs,
    instructionLimit: kernel.limits.queryInstructions,
    replyBytesMax: kernel.limits.queryReplyBytes,
    isReplicated: false,
    ...(dataCertificate === undefined ? {} : { dataCertificate }),
  };
}

function runPlain(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  message: QueryMessage,
  callers: readonly string[],
): Response {
  const name = `canister_query ${message.method}`;
  if (!code.compiled.exportNames.has(name)) return noQueryMethod(canister, message.method);
  const input = queryInput(kernel, canister, message, callers);
  const result = code.runner.run(input, { kind: 'export', name }, 'discard');
  reportExecution(kernel, canister, name, result);
  if (result.trap !== undefined) return trapReject(canister, result.trap);
  return result.execution.response ?? didNotReply(canister);
}

function didNotReply(canister: CanisterState): Reject {
  return reject(
    ErrorCode.CanisterDidNotReply,
    `Error from Canister ${canister.key}: Canister did not reply to the call`,
  );
}

/** State is kept between the query's own callbacks and put back at the end. */
function runComposite(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  message: QueryMessage,
  callers: readonly string[],
): Response {
  const image = code.runner.heap.image();
  const stable = canister.stable.fork();
  const { certifiedData, globalTimerNs, cycles } = canister;
  try {
    return runCallGraph(kernel, canister, code, message, [...callers, canister.key]);
  } finally {
    Object.assign(canister, { stable, certifiedData, globalTimerNs, cycles });
    code.runner.heap.load(image);
  }
}

function runCallGraph(
  kernel: Kernel,
  canister: CanisterState,
  code: WasmCode,
  message: QueryMessage,
  callers: readonly string[],
): Response {
  const context = queryContext(message);
  const name = `canister_composite_query ${message.method}`;
  const base = queryInput(kernel, canister, message, callers.slice(0, -1));
  const first: ExecutionInput = { ...base, kind: 'composite-query', context };
  const open: OutgoingCall[] = [];
  const run = (input: ExecutionInput, entry: Parameters<WasmCode['runner']['run']>[1]) => {
    const result = code.runner.run(input, entry, 'keep');
    reportExecution(kernel, canister, name, result);
    if (result.trap === undefined) open.push(...result.execution.calls);
    return result;
  };
  let result = run(first, { kind: 'export', name });
  for (;;) {
    if (result.trap === undefined && result.execution.response !== undefined) {
      return result.execution.response;
    }
    const call = open.shift();
    if (call?.callback.kind !== 'wasm') break;
    const { callback } = call;
    const inner = callQuery(kernel, canister, call, callers);
    const input = callbackInput(first, inner);
    const closure = inner.kind === 'reply' ? callback.reply : callback.reject;
    result = run(input, { kind: 'closure', closure });
    if (result.trap !== undefined && callback.cleanup !== undefined) {
      const cleanup: ExecutionInput = { ...input, kind: 'composite-cleanup' };
      code.runner.run(cleanup, { kind: 'closure', closure: callback.cleanup }, 'keep');
    }
  }
  return result.trap === undefined ? didNotReply(canister) : trapReject(canister, result.trap);
}

function callbackInput(first: ExecutionInput, inner: Response): ExecutionInput {
  return inner.kind === 'reply'
    ? { ...first, kind: 'composite-reply', arg: inner.data }
    : {
        ...first,
        kind: 'composite-reject',
        arg: new Uint8Array(0),
        rejectCode: inner.code,
        rejectMessage: inner.message,
      };
}

function callQuery(
  kernel: Kernel,
  canister: CanisterState,
  call: OutgoingCall,
  callers: readonly string[],
): Response {
  const message: QueryMessage = {
    sender: canister.id,
    canisterId: call.callee,
    method: call.method,
    arg: call.arg,
  };
  if (kernel.isManagement(call.callee)) {
    return reject(ErrorCode.CanisterRejectedMessage, 'Queries cannot call the management canister');
  }
  return runAt(kernel, message, callers);
}

function queryContext(message: QueryMessage): CallContext {
  return {
    id: 0,
    caller: message.sender,
    method: message.method,
    origin: { kind: 'nobody' },
    cyclesAvailable: 0n,
    hasResponded: false,
    pendingCalls: 0,
    instructions: 0n,
    isDeleted: false,
  };
}

/** Asks canister_inspect_message whether an ingress message may come in. */
export function inspectIngress(
  kernel: Kernel,
  canister: CanisterState,
  message: { sender: Principal; method: string; arg: Uint8Array },
): Reject | undefined {
  const { code } = canister;
  if (code?.kind !== 'wasm') return undefined;
  const name = 'canister_inspect_message';
  if (!code.compiled.exportNames.has(name)) return undefined;
  const input: ExecutionInput = {
    kind: 'inspect',
    caller: message.sender,
    arg: message.arg,
    method: message.method,
    timeNs: kernel.timeNs,
    instructionLimit: kernel.limits.inspectInstructions,
    replyBytesMax: 0,
    isReplicated: false,
  };
  const result = code.runner.run(input, { kind: 'export', name }, 'discard');
  if (result.trap !== undefined) return trapReject(canister, result.trap);
  if (result.execution.acceptedMessage) return undefined;
  return reject(ErrorCode.CanisterRejectedMessage, `Canister ${canister.key} rejected the message`);
}
