import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Runtime } from '../runtime/runtime.port.ts';

/**
 * Refuses an upgrade while calls to other canisters are unanswered: for `@preUpgrade`, where a throw
 * stops the upgrade and changes nothing.
 *
 * ic-cdk 0.18, which Azle 0.33 is built on, gives the system the address of a call's state to hand
 * back with the answer. An upgrade replaces the memory that the address points into, so an answer
 * that comes after it would run on whatever is there then. Stopping the canister first lets all
 * answers in and no new messages. Counted are the calls made through `Runtime`; the host's own calls
 * (its seed after a start, a timer's call of itself) last a round and are not seen here.
 *
 * An upgrade that skips `@preUpgrade` is not refused: that is its purpose.
 */
export function refuseUpgradeWithOpenCalls(runtime: Pick<Runtime, 'openCalls'>): void {
  const open = runtime.openCalls();
  invariant(open >= 0, 'calls were answered that were never made');
  if (open > 0) {
    throw new OpenCallsError(`stop the canister before upgrading: ${open} calls are in flight`);
  }
}

/** An upgrade came while calls were unanswered. */
export class OpenCallsError extends Error {
  override readonly name = 'OpenCallsError';
}
