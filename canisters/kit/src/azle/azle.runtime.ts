import { Principal } from '@dfinity/principal';
import {
  call,
  canisterCycleBalance,
  canisterSelf,
  isController,
  msgCaller,
  performanceCounter,
  time,
} from 'azle';
import type { Cycles } from '@decent-cloud/domain/amount.ts';
import { andThen, err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { isCleanup } from '../guard/with-guard.ts';
import type { CallFailure, CallRequest, RejectCode, Runtime } from '../runtime/runtime.port.ts';

const MANAGEMENT_CANISTER = Principal.managementCanister();
/** `DIDL`, no types, no arguments. */
const NO_ARGUMENTS = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0x00, 0x00);
const RANDOM_BYTES = 32;

/** The Internet Computer through Azle. Only endpoints and composition roots name it. */
export const azleRuntime: Runtime = {
  time: () => time() as TimestampNs,
  caller: () => msgCaller(),
  self: () => canisterSelf(),
  isController: (principal) => isController(principal),
  call: callRaw,
  random: async () => {
    const method = 'raw_rand';
    const reply = await callRaw({ canisterId: MANAGEMENT_CANISTER, method, arg: NO_ARGUMENTS });
    return andThen(reply, randomBytes);
  },
  cycles: () => canisterCycleBalance() as Cycles,
  instructions: () => performanceCounter(0),
};

async function callRaw(request: CallRequest): Promise<Result<Uint8Array, CallFailure>> {
  const { canisterId, method, arg, cycles } = request;
  const options = { args: arg, raw: true, ...(cycles === undefined ? {} : { cycles }) } as const;
  try {
    return ok(await call(canisterId, method, options));
  } catch (error) {
    const failure = isCleanup(error) ? undefined : failureOf(error);
    if (failure === undefined) throw error;
    return err(failure);
  }
}

/** A Candid blob of 32 bytes ends with them. */
function randomBytes(reply: Uint8Array): Result<Uint8Array, CallFailure> {
  if (reply.length > RANDOM_BYTES) return ok(reply.slice(reply.length - RANDOM_BYTES));
  return err({ kind: 'not-sent', reason: 'raw_rand gave too few bytes' });
}

/** Azle's error object; other fields depend on `type`. */
interface AzleCallError {
  readonly type?: string;
  readonly rejectCode?: RejectCode;
  readonly rejectMessage?: string;
  readonly message?: string;
}

/** Undefined for anything that is not a failed call. */
function failureOf(error: unknown): CallFailure | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, rejectCode, rejectMessage, message } = error as AzleCallError;
  switch (type) {
    case 'CallRejected':
      return { kind: 'rejected', code: rejectCode ?? 6, message: rejectMessage ?? '' };
    case 'CallPerformFailed':
    case 'InsufficientLiquidCycleBalance':
      return { kind: 'not-sent', reason: message ?? type };
    default:
      return undefined;
  }
}
