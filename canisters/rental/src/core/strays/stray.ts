import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, StrayId } from '../ids.ts';

/** A server with this marketplace's labels, as an agent saw it at the cloud. */
export interface SeenServer {
  readonly externalId: string;
  readonly name: string;
  /** From its label; undefined if that says nothing. */
  readonly rentalId: RentalId | undefined;
}

/** A server that no rental had when it was reported. */
export interface Stray extends SeenServer {
  readonly id: StrayId;
  readonly cloudAccountId: CloudAccountId;
  readonly firstSeenAt: TimestampNs;
  readonly lastSeenAt: TimestampNs;
  /** Undefined while it is there. */
  readonly deletedAt: TimestampNs | undefined;
  /** When the canister looks whether it may be forgotten. */
  readonly dueAt: TimestampNs;
}
