import type { Escrow } from '../escrow/escrow.ts';
import type { EscrowId } from '../ids.ts';

export type NewQuote =
  | { readonly kind: 'fresh' }
  /** The earlier quote lapses in the same message. */
  | { readonly kind: 'supersedes'; readonly escrowId: EscrowId }
  /** Somebody is paying the earlier quote; it is not known yet whether the ledger took it. */
  | { readonly kind: 'payment-pending'; readonly escrowId: EscrowId };

/** Whether a rental may get another quote, given the escrow of its newest one. */
export function checkNewQuote(current: Escrow | undefined): NewQuote {
  switch (current?.phase.kind) {
    case 'quoted':
      return { kind: 'supersedes', escrowId: current.id };
    case 'depositing':
      return { kind: 'payment-pending', escrowId: current.id };
    case 'lapsed':
    case 'funded':
    case 'running':
    case 'ended':
    case 'closed':
    case undefined:
      return { kind: 'fresh' };
  }
}
