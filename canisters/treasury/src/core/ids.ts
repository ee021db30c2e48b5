import type { Id } from '@decent-cloud/domain/ids.ts';

/** A quote and the escrow that it becomes when it is paid. Never reused. */
export type EscrowId = Id<'EscrowId'>;

/** One intended movement of tokens, whatever becomes of it. Never reused. */
export type TransferId = Id<'TransferId'>;
