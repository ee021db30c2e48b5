import { IDL } from '@dfinity/candid';
import {
  NativeReject,
  type NativeCall,
  type NativeCallOutcome,
  type NativeContext,
  type NativeSteps,
} from '../../../core/native.ts';
import { ErrorCode, reject } from '../../../core/types.ts';
import { trap } from '../../native-trap.ts';
import type { EarlyRejectCode, Execution, Fault } from './fault.ts';
import type { HeldCalls } from './held-calls.ts';

type Outcome = Uint8Array | NativeSteps;

/** What faults change in a ledger besides the answers. */
export interface LedgerControls {
  setFee(fee: bigint): void;
  /** Moves all blocks but the newest ones to archive canisters; gives how many moved. */
  archiveNow(
    context: NativeContext,
    options: { readonly keepBlocks: number; readonly isNewArchive: boolean },
  ): Generator<NativeCall, number, NativeCallOutcome>;
}

/** A call as it would run without a fault, and what it takes to spoil it. */
export interface SpoiledCall {
  readonly context: NativeContext;
  readonly execute: () => Outcome;
  readonly answerTypes: readonly IDL.Type[];
  readonly held: HeldCalls;
  readonly controls: LedgerControls;
}

/** No Candid: the magic number is another. */
const GARBAGE = Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0x00, 0xff);

const EARLY_REJECTS: Readonly<Record<EarlyRejectCode, readonly [ErrorCode, string]>> = {
  2: [ErrorCode.CanisterQueueFull, 'the input queue of the canister is full'],
  3: [ErrorCode.CanisterNotFound, 'the canister was not found'],
  4: [ErrorCode.CanisterRejectedMessage, 'the canister rejected the message'],
  5: [ErrorCode.CanisterStopped, 'the canister is stopped'],
};

/** Runs a call with a fault. Whether the transaction is final is said at each `Fault`. */
export function runFault(fault: Fault, call: SpoiledCall): Outcome {
  switch (fault.kind) {
    case 'lost-reply':
      return after(call.execute(), () => trap('the ledger failed after the transaction'));
    case 'reject-before': {
      const [errorCode, message] = EARLY_REJECTS[fault.code];
      throw new NativeReject(reject(errorCode, message));
    }
    case 'trap-before':
      return trap('the ledger failed before the transaction');
    case 'temporarily-unavailable':
      return answer(call, { TemporarilyUnavailable: null });
    case 'generic-error': {
      const { errorCode: error_code, message } = fault;
      const spoiled = answer(call, { GenericError: { error_code, message } });
      return fault.isExecuted ? after(call.execute(), () => spoiled) : spoiled;
    }
    case 'fee-change':
      call.controls.setFee(fault.fee);
      return call.execute();
    case 'never-reply':
      return hold(call, { rounds: undefined, executes: fault.executes });
    case 'delay-reply':
      return hold(call, fault);
    case 'garbage-reply':
      return after(call.execute(), () => GARBAGE);
    case 'archive-split':
      return splitAfter(call, call.execute());
  }
}

function answer(call: SpoiledCall, error: Record<string, unknown>): Uint8Array {
  return new Uint8Array(IDL.encode([...call.answerTypes], [{ Err: error }]));
}

function* after(outcome: Outcome, then: () => Uint8Array): NativeSteps {
  yield* finish(outcome);
  return then();
}

function* finish(outcome: Outcome): NativeSteps {
  return outcome instanceof Uint8Array ? outcome : yield* outcome;
}

function hold(
  call: SpoiledCall,
  how: { readonly rounds: number | undefined; readonly executes: Execution },
): NativeSteps {
  return how.executes === 'at-once'
    ? heldAfter(call, call.execute(), how.rounds)
    : heldBefore(call, how);
}

function* heldAfter(call: SpoiledCall, outcome: Outcome, rounds: number | undefined): NativeSteps {
  const reply = yield* finish(outcome);
  yield* call.held.hold(rounds);
  return reply;
}

function* heldBefore(
  call: SpoiledCall,
  how: { readonly rounds: number | undefined; readonly executes: Execution },
): NativeSteps {
  yield* call.held.hold(how.rounds);
  if (how.executes === 'never') {
    throw new NativeReject(reject(ErrorCode.CanisterQueueFull, 'the call was dropped'));
  }
  return yield* finish(call.execute());
}

function* splitAfter(call: SpoiledCall, outcome: Outcome): NativeSteps {
  const reply = yield* finish(outcome);
  yield* call.controls.archiveNow(call.context, { keepBlocks: 0, isNewArchive: true });
  return reply;
}
