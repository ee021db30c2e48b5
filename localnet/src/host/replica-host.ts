import type { Replica } from '../core/replica-api.ts';
import type { IngressStatus, MessageId } from '../core/types.ts';

/** A replica together with whoever moves its time: what the HTTP, gateway and PocketIC adapters use. */
export interface ReplicaHost {
  readonly replica: Replica;
  /** Current time for expiry checks; also brings the replica's clock up to it in live mode. */
  refreshTimeNs(): bigint;
  /** How far time here is ahead of the clock by which clients date their requests; 0 or more. */
  readonly aheadNs: bigint;
  /** Asks for rounds to run soon. Does nothing while progress is manual. */
  kick(): void;
  /** Resolves with the status once the message has ended, or with the latest after `timeoutMs`. */
  waitForIngress(id: MessageId, timeoutMs: number): Promise<IngressStatus>;
}
