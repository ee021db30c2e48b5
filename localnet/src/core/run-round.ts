import type { SystemTask } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import { runMessage } from './run-message.ts';

const TIMER: SystemTask = 'canister_global_timer';
const HEARTBEAT: SystemTask = 'canister_heartbeat';

/** One block: time moves, due timers and heartbeats are queued, then messages run in order. */
export function runRound(kernel: Kernel, atNs: bigint): void {
  kernel.timeNs = atNs;
  kernel.version += 1n;
  for (const canister of kernel.canisters.values()) startTasks(kernel, canister);
  for (let count = 0; count < kernel.limits.roundMessages; count += 1) {
    const message = kernel.take();
    if (message === undefined) break;
    runMessage(kernel, message);
  }
  kernel.ingress.purge(kernel.timeNs);
}

function startTasks(kernel: Kernel, canister: CanisterState): void {
  if (isTimerDue(canister, kernel.timeNs)) {
    canister.globalTimerNs = 0n;
    kernel.send({ kind: 'task', canisterKey: canister.key, task: TIMER });
  }
  if (hasHeartbeat(canister)) {
    kernel.send({ kind: 'task', canisterKey: canister.key, task: HEARTBEAT });
  }
}

/** True if a round at that time would execute something. */
export function wantsRound(kernel: Kernel, atNs: bigint): boolean {
  if (kernel.queue.length > 0) return true;
  for (const canister of kernel.canisters.values()) {
    if (isTimerDue(canister, atNs) || hasHeartbeat(canister)) return true;
  }
  return false;
}

/** The earliest timer of any running canister. */
export function nextTimerNs(kernel: Kernel): bigint | undefined {
  let earliest: bigint | undefined;
  for (const canister of kernel.canisters.values()) {
    const at = timerNs(canister);
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}

function isTimerDue(canister: CanisterState, atNs: bigint): boolean {
  const timer = timerNs(canister);
  return timer !== undefined && timer <= atNs;
}

function timerNs(canister: CanisterState): bigint | undefined {
  const { code } = canister;
  if (canister.status !== 'running' || code === undefined) return undefined;
  if (code.kind === 'native') return code.program.nextTimerNs?.();
  if (canister.globalTimerNs === 0n || !code.compiled.exportNames.has(TIMER)) return undefined;
  return canister.globalTimerNs;
}

function hasHeartbeat({ status, code }: CanisterState): boolean {
  return status === 'running' && code?.kind === 'wasm' && code.compiled.exportNames.has(HEARTBEAT);
}
