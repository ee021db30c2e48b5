import { IDL } from '@dfinity/candid';
import { finishStopIfIdle } from '../core/close-context.ts';
import { ErrorCode, reject, reply } from '../core/types.ts';
import { canisterMethod, DONE } from './method.ts';
import { Refusal } from './refusal.ts';
import { CanisterIdRecord, type WireCanisterId } from './wire/lifecycle.ts';

const EMPTY_REPLY = new Uint8Array(IDL.encode([], []));

/** Starting a stopping canister rejects the stop calls that wait for it (rule 8). */
export const startCanister = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: ({ kernel }, canister) => {
    if (canister.status === 'running') return DONE;
    canister.status = 'running';
    canister.version += 1n;
    const waiting = kernel.stopRequests.get(canister.key) ?? [];
    kernel.stopRequests.delete(canister.key);
    for (const answer of waiting) answer();
    return DONE;
  },
});

export const stopCanister = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: ({ kernel, call }, canister) => {
    if (canister.status === 'stopped') return DONE;
    if (canister.status === 'running') canister.version += 1n;
    canister.status = 'stopping';
    // Called when the canister has stopped, or is started before it could.
    const answer = () => {
      const response =
        kernel.get(canister.id)?.status === 'stopped'
          ? reply(EMPTY_REPLY)
          : reject(
              ErrorCode.CanisterStoppingCancelled,
              `Canister ${canister.key}'s stop request was cancelled.`,
            );
      kernel.deliver(call.origin, response, call.cycles);
    };
    kernel.stopRequests.set(canister.key, [
      ...(kernel.stopRequests.get(canister.key) ?? []),
      answer,
    ]);
    finishStopIfIdle(kernel, canister);
    return { kind: 'later' };
  },
});

export const deleteCanister = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: ({ kernel, state, call }, canister) => {
    if (call.caller.toText() === canister.key) {
      throw new Refusal(
        ErrorCode.CanisterInvalidController,
        `Canister ${canister.key} cannot delete itself.`,
      );
    }
    if (canister.status !== 'stopped') {
      throw new Refusal(
        ErrorCode.CanisterNotStopped,
        `Canister ${canister.key} must be stopped before it is deleted.`,
      );
    }
    kernel.canisters.delete(canister.key);
    state.records.delete(canister.key);
    return DONE;
  },
});

export const depositCycles = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'anyone',
  route: 'canisters',
  run: ({ call }, canister) => {
    canister.cycles += call.cycles;
    return { kind: 'reply', cyclesUsed: call.cycles };
  },
});
