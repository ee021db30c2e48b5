import { Principal } from '@dfinity/principal';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { differences } from '../core/differences.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { Due, Lists, Table, TokenTable, TreasuryState } from '../core/state.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import type { Transfer } from '../core/transfers/transfer.ts';

/** A table that also shows what is in it. */
export interface MemoryTable<K, V> extends Table<K, V> {
  readonly values: () => readonly V[];
}

/** Lists that can be read back. */
export interface MemoryLists<P, V> extends Lists<P, V> {
  readonly rows: (parent: P) => readonly V[];
}

/** A queue that can be read: earliest first, then by id. */
export interface MemoryDue<Id> extends Due<Id> {
  readonly entries: () => readonly { readonly id: Id; readonly dueAt: TimestampNs }[];
}

/**
 * The treasury's state on the heap, for a replay of a part of the journal and for tests. Behaves as
 * the stable one: what is put is what is got, lists only grow, an id can be in a queue at two times.
 */
export interface MemoryState extends TreasuryState {
  readonly tokens: TokenTable & { readonly values: () => readonly TokenConfig[] };
  readonly books: MemoryTable<Principal, NonNullable<ReturnType<TreasuryState['books']['get']>>>;
  readonly quotes: MemoryTable<EscrowId, Quote>;
  readonly escrows: MemoryTable<EscrowId, Escrow>;
  readonly transfers: MemoryTable<TransferId, Transfer>;
  readonly escrowEvents: MemoryLists<EscrowId, { readonly seq: number }>;
  readonly escrowTransfers: MemoryLists<EscrowId, { readonly transferId: TransferId }>;
  readonly payeeTransfers: MemoryLists<Principal, { readonly transferId: TransferId }>;
  readonly rentalEscrows: MemoryLists<RentalId, { readonly escrowId: EscrowId }>;
  readonly parked: MemoryLists<null, { readonly transferId: TransferId }>;
  readonly escrowsDue: MemoryDue<EscrowId>;
  readonly transfersDue: MemoryDue<TransferId>;
  readonly auditsDue: MemoryDue<EscrowId>;
}

/** An empty state. */
export function memoryState(): MemoryState {
  return {
    settings: table(),
    tokens: tokenTable(),
    books: table(),
    quotes: table(),
    currentQuotes: table(),
    escrows: table(),
    transfers: table(),
    payees: table(),
    escrowEvents: lists(),
    escrowTransfers: lists(),
    payeeTransfers: lists(),
    rentalEscrows: lists(),
    parked: lists(),
    escrowsDue: due(),
    transfersDue: due(),
    auditsDue: due(),
  };
}

/** All rows of one escrow. */
export interface EscrowRows {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly transfers: readonly Transfer[];
}

/** Where the rows of one escrow differ between two states; empty if they are the same. */
export function escrowDifferences(left: EscrowRows, right: EscrowRows): readonly string[] {
  return differences(
    { quote: left.quote, escrow: left.escrow, transfers: left.transfers },
    { quote: right.quote, escrow: right.escrow, transfers: right.transfers },
  );
}

type Key = Principal | number | null;

/** Principals are objects: equal ones must find the same row. */
function keyOf(key: Key): string {
  return key instanceof Principal ? `p${key.toUint8Array().join('.')}` : String(key);
}

function table<K extends Key, V>(): MemoryTable<K, V> {
  const rows = new Map<string, V>();
  return {
    get: (key) => rows.get(keyOf(key)),
    put: (key, value) => {
      rows.set(keyOf(key), value);
    },
    values: () => [...rows.values()],
  };
}

function tokenTable(): MemoryState['tokens'] {
  const rows = table<Principal, TokenConfig>();
  return {
    get: rows.get,
    put: (config) => rows.put(config.ledger, config),
    count: () => rows.values().length,
    values: rows.values,
  };
}

function lists<P extends Key, V>(): MemoryLists<P, V> {
  const rows = new Map<string, V[]>();
  return {
    append: (parent, value) => {
      const known = rows.get(keyOf(parent));
      if (known === undefined) rows.set(keyOf(parent), [value]);
      else known.push(value);
    },
    rows: (parent) => rows.get(keyOf(parent)) ?? [],
  };
}

function due<Id extends number>(): MemoryDue<Id> {
  const times = new Map<Id, Set<bigint>>();
  return {
    schedule: (id, dueAt) => {
      const known = times.get(id);
      if (known === undefined) times.set(id, new Set([dueAt]));
      else known.add(dueAt);
    },
    cancel: (id, dueAt) => {
      times.get(id)?.delete(dueAt);
    },
    entries: () =>
      [...times]
        .flatMap(([id, known]) => [...known].map((at) => ({ id, dueAt: timestampNs(at) })))
        .sort((a, b) => (a.dueAt === b.dueAt ? a.id - b.id : a.dueAt < b.dueAt ? -1 : 1)),
  };
}
