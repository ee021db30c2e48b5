import type { Principal } from '@dfinity/principal';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Escrow } from './escrow/escrow.ts';
import type { EscrowId, TransferId } from './ids.ts';
import type { Payee } from './payees/payee.ts';
import type { Quote } from './quotes/quote.ts';
import type { Settings } from './settings.ts';
import type { TokenBook } from './tokens/token-book.ts';
import type { TokenConfig } from './tokens/token-config.ts';
import type { Transfer } from './transfers/transfer.ts';

/** Rows by key; in the canister this is stable memory. */
export interface Table<K, V> {
  readonly get: (key: K) => V | undefined;
  readonly put: (key: K, value: V) => void;
}

/** Numbered rows for each parent, oldest first; rows are only ever added. */
export interface Lists<P, V> {
  readonly append: (parent: P, value: V) => void;
}

/** Who wants attention when. Moving an item costs the same with 10 and 100 000 others. */
export interface Due<Id> {
  readonly schedule: (id: Id, dueAt: TimestampNs) => void;
  readonly cancel: (id: Id, dueAt: TimestampNs) => void;
}

/** Tokens are few and listed; decimals never change. */
export interface TokenTable {
  readonly put: (config: TokenConfig) => void;
  readonly get: (ledger: Principal) => TokenConfig | undefined;
  readonly count: () => number;
}

/** Where events leave their traces. Only `applyEvent` writes here. */
export interface TreasuryState {
  readonly settings: Table<null, Settings>;
  readonly tokens: TokenTable;
  readonly books: Table<Principal, TokenBook>;
  readonly quotes: Table<EscrowId, Quote>;
  /** The newest quote of a rental; a renewal replaces it. Its escrow tells whether it lapsed. */
  readonly currentQuotes: Table<RentalId, { readonly escrowId: EscrowId }>;
  readonly escrows: Table<EscrowId, Escrow>;
  readonly transfers: Table<TransferId, Transfer>;
  readonly payees: Table<Principal, Payee>;
  readonly escrowEvents: Lists<EscrowId, { readonly seq: number }>;
  readonly escrowTransfers: Lists<EscrowId, { readonly transferId: TransferId }>;
  readonly payeeTransfers: Lists<Principal, { readonly transferId: TransferId }>;
  /** Paid periods of a rental: a row once the deposit is confirmed. */
  readonly rentalEscrows: Lists<RentalId, { readonly escrowId: EscrowId }>;
  readonly parked: Lists<null, { readonly transferId: TransferId }>;
  readonly escrowsDue: Due<EscrowId>;
  readonly transfersDue: Due<TransferId>;
  readonly auditsDue: Due<EscrowId>;
}
