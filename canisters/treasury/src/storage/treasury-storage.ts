import type { Principal } from '@dfinity/principal';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec, type KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal as principalKey } from '@decent-cloud/kit/keys/principal-key.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { PackedList } from '@decent-cloud/kit/store/packed-list.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { Journal } from '@decent-cloud/kit/store/journal.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { number, plainAs, type Fields } from '@decent-cloud/kit/values/field.ts';
import { valueCodec, type OlderVersion } from '@decent-cloud/kit/values/value-codec.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import type { Payee } from '../core/payees/payee.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { Settings } from '../core/settings.ts';
import type { TreasuryState } from '../core/state.ts';
import type { TokenBook } from '../core/tokens/token-book.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import { settingsFields, tokenBookFields } from './fields/config-fields.ts';
import { ESCROW_VERSION, escrowFields, firstEscrow } from './fields/escrow-fields.ts';
import { eventField } from './fields/event-fields.ts';
import { payeeFields } from './fields/payee-fields.ts';
import { quoteFields } from './fields/quote-fields.ts';
import { transferFields } from './fields/transfer-fields.ts';
import { MEMORY_IDS } from './memory-ids.ts';
import { StableTable } from './stable-table.ts';
import { TokenStore } from './token-store.ts';

/** Rows kept decoded: what one burst of rentals touches, a few megabytes of heap at most. */
const CACHED = { few: 64, payees: 256, quotes: 512, transfers: 512, escrows: 1_024 } as const;
/** Counters in their shared memory. Never renumbered. */
const COUNTER = { escrows: 0, transfers: 1 } as const;

const transferIdFields: Fields<{ transferId: TransferId }> = { transferId: plainAs<TransferId>() };
const escrowIdFields: Fields<{ escrowId: EscrowId }> = { escrowId: plainAs<EscrowId>() };

/** All stable memory of this canister. */
export interface TreasuryStorage extends TreasuryState {
  readonly journal: Journal<TreasuryEvent>;
  readonly ids: {
    readonly escrows: IdAllocator<EscrowId>;
    readonly transfers: IdAllocator<TransferId>;
  };
  readonly tokens: TokenStore;
  readonly escrowEvents: PackedList<EscrowId, { readonly seq: number }>;
  readonly escrowTransfers: PackedList<EscrowId, { readonly transferId: TransferId }>;
  readonly payeeTransfers: PackedList<Principal, { readonly transferId: TransferId }>;
  readonly rentalEscrows: PackedList<RentalId, { readonly escrowId: EscrowId }>;
  readonly parked: PackedList<null, { readonly transferId: TransferId }>;
  readonly escrowsDue: DueQueue<EscrowId>;
  readonly transfersDue: DueQueue<TransferId>;
  readonly auditsDue: DueQueue<EscrowId>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): TreasuryStorage {
  const store = (name: keyof typeof MEMORY_IDS) => openStore(MEMORY_IDS[name]);
  return {
    journal: new Journal({
      store: store('journal'),
      tail: store('counters'),
      version: 1,
      event: eventField,
    }),
    ids: {
      escrows: new IdAllocator({ store: store('counters'), counter: COUNTER.escrows }),
      transfers: new IdAllocator({ store: store('counters'), counter: COUNTER.transfers }),
    },
    tokens: new TokenStore({ rows: store('tokens'), numbers: store('token_numbers') }),
    ...openTables(store),
    ...openLists(store),
    escrowsDue: new DueQueue({ store: store('escrows_due'), id: idKey<EscrowId>() }),
    transfersDue: new DueQueue({ store: store('transfers_due'), id: idKey<TransferId>() }),
    auditsDue: new DueQueue({ store: store('audits_due'), id: idKey<EscrowId>() }),
  };
}

interface TableOptions<K, V> {
  readonly key: KeyPart<K>;
  readonly fields: Fields<V>;
  /** Of the stored form; 1 unless there were others. */
  readonly version?: number;
  readonly older?: readonly OlderVersion<V>[];
  readonly cachedValues: number;
}

type OpenNamed = (name: keyof typeof MEMORY_IDS) => StableStore;

function openTables(store: OpenNamed) {
  const table = <K, V extends object>(
    name: keyof typeof MEMORY_IDS,
    options: TableOptions<K, V>,
  ) => {
    const { fields, version = 1, older = [], cachedValues } = options;
    const value = valueCodec<V>({ version, fields, older });
    const key = keyCodec(options.key);
    return new StableTable(new StableMap({ store: store(name), key, value, cachedValues }));
  };
  const escrowKey = idKey<EscrowId>();
  return {
    settings: table<null, Settings>('settings', {
      key: whole,
      fields: settingsFields,
      cachedValues: 1,
    }),
    books: table<Principal, TokenBook>('books', {
      key: principalKey,
      fields: tokenBookFields,
      cachedValues: CACHED.few,
    }),
    quotes: table<EscrowId, Quote>('quotes', {
      key: escrowKey,
      fields: quoteFields,
      cachedValues: CACHED.quotes,
    }),
    currentQuotes: table<RentalId, { readonly escrowId: EscrowId }>('current_quotes', {
      key: idKey<RentalId>(),
      fields: escrowIdFields,
      cachedValues: 0,
    }),
    escrows: table<EscrowId, Escrow>('escrows', {
      key: escrowKey,
      fields: escrowFields,
      version: ESCROW_VERSION,
      older: [firstEscrow],
      cachedValues: CACHED.escrows,
    }),
    transfers: table<TransferId, Transfer>('transfers', {
      key: idKey<TransferId>(),
      fields: transferFields,
      cachedValues: CACHED.transfers,
    }),
    payees: table<Principal, Payee>('payees', {
      key: principalKey,
      fields: payeeFields,
      cachedValues: CACHED.payees,
    }),
  };
}

function openLists(store: OpenNamed) {
  const list = <P, V extends object>(
    name: keyof typeof MEMORY_IDS,
    options: { parent: KeyPart<P>; fields: Fields<V> },
  ) => {
    const value = valueCodec<V>({ version: 1, fields: options.fields });
    return new PackedList<P, V>({ store: store(name), parent: options.parent, value });
  };
  const escrowKey = idKey<EscrowId>();
  return {
    escrowEvents: list('escrow_events', { parent: escrowKey, fields: { seq: number } }),
    escrowTransfers: list('escrow_transfers', { parent: escrowKey, fields: transferIdFields }),
    payeeTransfers: list('payee_transfers', { parent: principalKey, fields: transferIdFields }),
    rentalEscrows: list('rental_escrows', { parent: idKey<RentalId>(), fields: escrowIdFields }),
    parked: list('parked', { parent: whole, fields: transferIdFields }),
  };
}
