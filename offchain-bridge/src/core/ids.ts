import type { Id, RentalId } from '@decent-cloud/domain/ids.ts';

export type { RentalId };
/** A job of the canister's queue. */
export type JobId = Id<'JobId'>;
/** A seller's account at a cloud. */
export type CloudAccountId = Id<'CloudAccountId'>;
