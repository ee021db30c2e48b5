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

/** `aaaaa-aa`; reading that text would cost millions at every start. */
const MANAGEMENT_CANISTER = Principal.fromUint8Array(new Uint8Array(0));
/** `DIDL`, no types, no arguments. */
const NO_ARGUMENTS = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0x00, 0x00);
const RANDOM_BYTES = 32;

/**
 * A trap after the `await` undoes that it was counted down; the cleanup pass that follows rejects the
 * call once more and counts it down for good.
 */
let openCalls = 0;

/** The Internet Computer through Azle. Only endpoints and composition roots name it. */
export const azleRuntime: Runtime = {
  time: () => time() as TimestampNs,
  caller: () => msgCaller(),
  self: () => canisterSelf(),
  isController: (principal) => isController(principal),
  call: callRaw,
  openCalls: () => openCalls,
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
  openCalls += 1;
  try {
    return ok(await call(canisterId, method, options));
  } catch (error) {
    const failure = isCleanup(error) ? undefined : failureOf(error);
    if (failure === undefined) throw error;
    return err(failure);
  } finally {
    openCalls -= 1;
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
