import type { Principal } from '@dfinity/principal';
import type { LedgerBlock } from '@decent-cloud/localnet/testing/ledger-blocks.ts';
import type { TreasuryEvent } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { Knowledge } from './knowledge.ts';

/** A ledger's whole history, archives included. */
export interface LedgerEvidence {
  readonly ledgerId: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly hasIcrc3: boolean;
  readonly blocks: readonly LedgerBlock[];
}

/** What the treasury says in public about one token. */
export interface Claims {
  readonly ledgerId: Principal;
  readonly escrow: bigint;
  readonly owed: bigint;
  readonly fees: bigint;
  readonly difference: bigint;
  readonly shortfall: bigint;
}

export interface JournalEntry {
  readonly seq: bigint;
  readonly atNs: bigint;
  readonly event: TreasuryEvent;
}

/** Everything that a verdict rests on, as plain data. */
export interface Evidence {
  readonly treasury: Principal;
  readonly atNs: bigint;
  readonly ledgers: readonly LedgerEvidence[];
  readonly claims: readonly Claims[];
  readonly journal: readonly JournalEntry[];
  readonly known: Knowledge;
}

export interface Verdict {
  /** Transfers that ended as they had to: paid in exactly one block, or failed in none. */
  readonly exactlyOnce: number;
  /** Transfers that more than one block carried out. */
  readonly double: number;
  /** Payments that somebody is owed, or that the books say were made, and no block has. */
  readonly lost: number;
  /** Tokens of which the ledger holds less for the treasury than it owes. */
  readonly insolvent: number;
  /** Transfers that are parked still. */
  readonly parked: number;
  /** Everything that is not as it must be, in words. */
  readonly troubles: readonly string[];
}
