import type { CanisterState } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import type { CanisterTrap } from './trap.ts';
import { ErrorCode, type Reject, reject } from './types.ts';
import type { ExecutionResult } from './wasm-runner.ts';

/** Records prints and traps in the canister's log and tells listeners what ran and what it cost. */
export function reportExecution(
  kernel: Kernel,
  canister: CanisterState,
  entry: string,
  result: ExecutionResult,
): void {
  for (const text of result.execution.printed) kernel.print(canister, text);
  const { trap } = result;
  if (trap !== undefined) {
    canister.appendLog(new TextEncoder().encode(`[TRAP]: ${trap.message}`), kernel.timeNs);
  }
  kernel.emit({
    kind: 'executed',
    canisterId: canister.id,
    entry,
    instructions: result.instructions,
    outcome: trap === undefined ? 'ok' : 'trap',
    detail: trap?.message ?? '',
  });
}

/** A trap as its caller sees it, in the IC's words. */
export function trapReject(canister: CanisterState, trap: CanisterTrap): Reject {
  const text =
    trap.errorCode === ErrorCode.CanisterCalledTrap
      ? `Canister called \`ic0.trap\` with message: '${trap.message}'`
      : trap.message;
  return reject(trap.errorCode, `Error from Canister ${canister.key}: ${text}`);
}
