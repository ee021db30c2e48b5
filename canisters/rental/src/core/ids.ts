import type { Id } from '@decent-cloud/domain/ids.ts';

/** A seller's account at a cloud. */
export type CloudAccountId = Id<'CloudAccountId'>;
/** What a seller offers. Also the offer's place in the search index. */
export type OfferingId = Id<'OfferingId'>;
/** A recipe, through all its versions. */
export type RecipeId = Id<'RecipeId'>;
/** A piece of work for a bridge. */
export type JobId = Id<'JobId'>;
/** The treasury's number of a quote and of the escrow that it becomes. */
export type EscrowId = Id<'EscrowId'>;
/** A server that no rental has, as it was reported. */
export type StrayId = Id<'StrayId'>;
/** A message to one account. */
export type NotificationId = Id<'NotificationId'>;
