import { Principal } from '@dfinity/principal';
import { liquidCycles } from '../cycles-cost.ts';
import type { DraftCall } from '../execution.ts';
import { CanisterTrap } from '../trap.ts';
import { ErrorCode } from '../types.ts';
import { u128, u64 } from './cycles-api.ts';
import { contractViolation, type Ic0Host } from './host.ts';
import { join } from './message-api.ts';

/** `call_perform` results. Source: IC interface spec, "Inter-canister calls". */
const PERFORMED = 0;
const NOT_PERFORMED = 2;

const COPY_COST = 20;
const PRINCIPAL_BYTES_MAX = 29;
const METHOD_NAME_BYTES_MAX = 20_000;

/** Imports that build and make inter-canister calls. */
export function callsApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const draft = (name: string): DraftCall => {
    const current = host.execution.draft;
    if (current === undefined) throw contractViolation(`ic0.${name} called without ic0.call_new`);
    return current;
  };
  return {
    call_new: (...args: number[]) => {
      abandonDraft(host);
      host.execution.draft = newDraft(host, args);
    },
    call_on_cleanup: (functionIndex: number, environment: number) => {
      const current = draft('call_on_cleanup');
      if (current.cleanup !== undefined) {
        throw contractViolation('ic0.call_on_cleanup called twice');
      }
      current.cleanup = { functionIndex: functionIndex >>> 0, environment };
    },
    call_data_append: (source: number, length: number) => {
      const current = draft('call_data_append');
      host.charge(COPY_COST + (length >>> 0));
      current.argBytes += length >>> 0;
      if (current.argBytes > host.subnet.interCanisterBytesMax) {
        throw contractViolation('ic0.call_data_append: payload size exceeded');
      }
      current.argChunks.push(host.copyIn(source, length));
    },
    // A best-effort call is carried out as a guaranteed one: msg_deadline stays 0 (FIDELITY.md).
    call_with_best_effort_response: (_timeoutS: number) => {
      draft('call_with_best_effort_response');
    },
    call_cycles_add: (amount: bigint) => {
      addCycles(host, draft('call_cycles_add'), u64(amount));
    },
    call_cycles_add128: (high: bigint, low: bigint) => {
      addCycles(host, draft('call_cycles_add128'), u128(high, low));
    },
    call_perform: () => {
      const current = draft('call_perform');
      const result = perform(host, current);
      if (result === NOT_PERFORMED) abandonDraft(host);
      host.execution.draft = undefined;
      return result;
    },
  };
}

/** Gives back the cycles of a call that was prepared but never performed (S5). */
export function abandonDraft(host: Ic0Host): void {
  const { draft } = host.execution;
  if (draft === undefined) return;
  host.canister.cycles += draft.cycles;
  host.execution.draft = undefined;
}

function newDraft(host: Ic0Host, args: readonly number[]): DraftCall {
  const [calleeAt = 0, calleeBytes = 0, nameAt = 0, nameBytes = 0, ...closures] = args;
  const [replyFunction = 0, replyEnv = 0, rejectFunction = 0, rejectEnv = 0] = closures;
  if (calleeBytes >>> 0 > PRINCIPAL_BYTES_MAX) throw contractViolation('callee is not a principal');
  if (nameBytes >>> 0 > METHOD_NAME_BYTES_MAX) throw contractViolation('method name is too long');
  return {
    callee: host.copyIn(calleeAt, calleeBytes),
    method: host.text(nameAt, nameBytes),
    argChunks: [],
    argBytes: 0,
    reply: { functionIndex: replyFunction >>> 0, environment: replyEnv },
    reject: { functionIndex: rejectFunction >>> 0, environment: rejectEnv },
    cleanup: undefined,
    cycles: 0n,
  };
}

function addCycles(host: Ic0Host, draft: DraftCall, amount: bigint): void {
  if (amount > liquidCycles(host.canister)) {
    throw new CanisterTrap(
      ErrorCode.InsufficientCyclesInCall,
      `Canister ${host.canister.key} is out of cycles: requested ${amount.toString()} cycles but ` +
        `the available balance is ${liquidCycles(host.canister).toString()} cycles`,
    );
  }
  host.canister.cycles -= amount;
  draft.cycles += amount;
}

function perform(host: Ic0Host, draft: DraftCall): number {
  const { canister, execution, subnet } = host;
  const callee = Principal.fromUint8Array(draft.callee);
  const alreadyMade = execution.calls.filter((call) => call.callee.compareTo(callee) === 'eq');
  if (!subnet.queueHasRoom(canister, draft.callee, alreadyMade.length)) return NOT_PERFORMED;
  execution.calls.push({
    callee,
    method: draft.method,
    arg: join(draft.argChunks),
    cycles: draft.cycles,
    callback: { kind: 'wasm', reply: draft.reply, reject: draft.reject, cleanup: draft.cleanup },
  });
  return PERFORMED;
}
