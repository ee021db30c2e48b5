import type { Principal } from '@dfinity/principal';
import type {
  Account,
  Fact,
  Quote,
  Side,
} from '../../../dist/canisters/treasury/declarations/treasury.did.ts';

/** What the treasury answered about one quote and the escrow that it became. */
export interface KnownEscrow {
  readonly quote: Quote;
  /** By number: what the treasury said that it took in. */
  readonly facts: Map<bigint, Fact['fact']>;
  readonly disputesOpened: Side[];
  /** The last part for the payer that each side agreed to. */
  readonly agreements: Map<'Payer' | 'Provider', bigint>;
  /** Parts for the payer that the arbiter named and the treasury took. */
  readonly decisions: bigint[];
  /** Accounts from which a payment was asked for. */
  readonly sources: Account[];
  /** Blocks of payments as the treasury told them; undefined where it could not know. */
  readonly receipts: (bigint | undefined)[];
}

/** Tokens that somebody sent to an account of the treasury for nothing. */
export interface Donation {
  readonly ledgerId: Principal;
  readonly account: string;
  readonly amount: bigint;
}

/** Another payout account, as the treasury took it. */
export interface AccountChange {
  readonly owner: Principal;
  readonly account: Account;
  readonly effectiveAtNs: bigint;
}

/** What the simulation knows without the treasury's books: what it did and what it was answered. */
export interface Knowledge {
  readonly escrows: Map<bigint, KnownEscrow>;
  readonly donations: Donation[];
  readonly accountChanges: AccountChange[];
  /** Prices in US dollars times 10^8 that token-value ever named, by ledger. */
  readonly prices: Map<string, Set<bigint>>;
  /** Fees that the ledgers ever took. */
  readonly fees: Map<string, Set<bigint>>;
  /** Fee withdrawals that were asked for. */
  readonly withdrawalTargets: Account[];
}

export function nothingKnown(): Knowledge {
  return {
    escrows: new Map(),
    donations: [],
    accountChanges: [],
    prices: new Map(),
    fees: new Map(),
    withdrawalTargets: [],
  };
}

/** Adds to the set of a name. */
export function note(sets: Map<string, Set<bigint>>, name: string, value: bigint): void {
  const set = sets.get(name) ?? new Set();
  sets.set(name, set.add(value));
}
