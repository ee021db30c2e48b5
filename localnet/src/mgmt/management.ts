import { IDL } from '@dfinity/candid';
import type { Kernel } from '../core/kernel.ts';
import type { ManagementCall, ManagementPort } from '../core/management-port.ts';
import {
  ErrorCode,
  type QueryMessage,
  type Reject,
  reject,
  reply,
  type Response,
} from '../core/types.ts';
import { ManagementState } from './management-state.ts';
import { loadState, saveState } from './state-codec.ts';
import type { Answer, Method, MethodScene } from './method.ts';
import { METHODS, UNAVAILABLE } from './methods.ts';
import { canistersOnly, Refusal, unknownMethod } from './refusal.ts';

/** The management canister `aaaaa-aa`, keeping its own state in memory. */
export function createManagement(): ManagementPort {
  const state = new ManagementState();
  return {
    handle: (kernel, call) => {
      handle({ kernel, state, call });
    },
    query: (kernel, message) => query(kernel, state, message),
    inspectIngress: (kernel, message) =>
      orReject(() => {
        inspect(kernel, message);
        return undefined;
      }),
    save: () => saveState(state),
    load: (bytes) => {
      loadState(state, bytes);
    },
  };
}

function handle(scene: MethodScene): void {
  const { kernel, call } = scene;
  const answer = orReject(() => execute(scene));
  switch (answer.kind) {
    case 'later':
      return;
    case 'reject':
      kernel.deliver(call.origin, answer, call.cycles);
      return;
    case 'reply': {
      const refund = call.cycles - (answer.cyclesUsed ?? 0n);
      kernel.deliver(call.origin, reply(encodeResult(call.method, answer.value)), refund);
    }
  }
}

/** Runs a method; what it throws to refuse becomes the reject. */
function orReject<T>(run: () => T): T | Reject {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reject;
    throw error;
  }
}

function execute(scene: MethodScene): Answer {
  const { call } = scene;
  const method = findMethod(call.method);
  if (method.route === 'queries') throw queriesOnly(call.method);
  if (method.route === 'canisters' && call.origin.kind !== 'canister') {
    throw canistersOnly(call.method);
  }
  return method.run(scene);
}

function findMethod(name: string): Method {
  const method = METHODS.get(name);
  if (method !== undefined) return method;
  const reason = UNAVAILABLE.get(name);
  if (reason === undefined) throw unknownMethod(name);
  throw new Refusal(
    ErrorCode.UnknownManagementMessage,
    `Management canister method '${name}' is not available here: ${reason}.`,
  );
}

function queriesOnly(method: string): Refusal {
  return new Refusal(
    ErrorCode.CanisterRejectedMessage,
    `${method} API is only accessible in non-replicated mode`,
  );
}

function encodeResult(name: string, value: unknown): Uint8Array {
  const type = METHODS.get(name)?.resultType;
  return new Uint8Array(type === undefined ? IDL.encode([], []) : IDL.encode([type], [value]));
}

function query(kernel: Kernel, state: ManagementState, message: QueryMessage): Response {
  const call: ManagementCall = {
    method: message.method,
    arg: message.arg,
    caller: message.sender,
    cycles: 0n,
    origin: { kind: 'nobody' },
  };
  const answer = orReject<Answer>(() => {
    const method = METHODS.get(message.method);
    if (method?.isQueryable !== true) {
      throw new Refusal(
        ErrorCode.CanisterMethodNotFound,
        `Query method ${message.method} not found.`,
      );
    }
    return method.run({ kernel, state, call });
  });
  if (answer.kind === 'reject') return answer;
  if (answer.kind === 'later') return reject(ErrorCode.CanisterDidNotReply, 'BUG: late query');
  return reply(encodeResult(message.method, answer.value));
}

/** Ingress is let in if the method would accept its sender and argument. */
function inspect(kernel: Kernel, message: Parameters<ManagementPort['inspectIngress']>[1]): void {
  const method = findMethod(message.method);
  if (method.route === 'queries') throw queriesOnly(message.method);
  if (method.route === 'canisters') throw canistersOnly(message.method);
  method.check(kernel, message.sender, message.arg);
}
