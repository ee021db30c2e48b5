import { IDL } from '@dfinity/candid';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { some, type Opt } from '../../../core/candid-opt.ts';
import { Availability } from '../availability.ts';
import { defineSource } from '../define-source.ts';
import {
  GetOrderBookTickerError,
  OISY_TRADE_ADMIN_METHODS,
  OISY_TRADE_METHODS,
  OisyTradeSnapshot,
  OrderBookTicker,
  PriceLevel,
  TradingPair,
  type WireBook,
  type WirePriceLevel,
  type WireTicker,
  type WireTickerError,
  type WireTickerResult,
  type WireTradingPair,
} from './oisy-trade-types.ts';

export const OISY_TRADE_PROGRAM = 'oisy-trade';

/** The top of a book; a side without orders is left out. */
export interface TopOfBook {
  readonly bid?: WirePriceLevel;
  readonly ask?: WirePriceLevel;
}

/** OISY TRADE's order books, of which only the top is known. */
export class OrderBooks {
  readonly availability = new Availability();
  #books: readonly WireBook[] = [];
  #failure: WireTickerError | undefined;

  get books(): readonly WireBook[] {
    return this.#books;
  }

  setTop(pair: WireTradingPair, top: TopOfBook): void {
    this.setTicker({ pair, ticker: { bid: some(top.bid), ask: some(top.ask) } });
  }

  setTicker(book: WireBook): void {
    this.removePair(book.pair);
    this.#books = [...this.#books, book];
  }

  removePair(pair: WireTradingPair): void {
    this.#books = this.#books.filter((book) => !isPair(book.pair, pair));
  }

  /** Every answer is this error, until it is cleared with `undefined`. */
  setError(error: WireTickerError | undefined): void {
    this.#failure = error;
  }

  top(pair: WireTradingPair): WireTickerResult {
    if (this.#failure !== undefined) return { Err: this.#failure };
    const book = this.#books.find((known) => isPair(known.pair, pair));
    return book === undefined ? { Err: UNKNOWN_PAIR } : { Ok: book.ticker };
  }

  save(): Uint8Array {
    const failure = this.#failure === undefined ? [] : [{ error: this.#failure }];
    return new Uint8Array(IDL.encode([OisyTradeSnapshot], [{ books: this.#books, failure }]));
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([OisyTradeSnapshot], new Uint8Array(bytes))[0] as unknown as {
      books: WireBook[];
      failure: Opt<{ error: WireTickerError }>;
    };
    this.#books = value.books;
    this.#failure = value.failure[0]?.error;
  }
}

const UNKNOWN_PAIR: WireTickerError = {
  kind: { RequestError: [{ UnknownTradingPair: null }] },
  message: ['the requested trading pair is not registered'],
};

function isPair(one: WireTradingPair, other: WireTradingPair): boolean {
  return one.base.compareTo(other.base) === 'eq' && one.quote.compareTo(other.quote) === 'eq';
}

/** OISY TRADE, scriptable through `books` and its `localnet_` methods. */
export function oisyTradeProgram(books: OrderBooks): NativeProgram {
  return defineSource({
    programId: OISY_TRADE_PROGRAM,
    methods: OISY_TRADE_METHODS,
    handlers: {
      get_order_book_ticker: (_context: NativeContext, pair: WireTradingPair) => books.top(pair),
    },
    adminMethods: OISY_TRADE_ADMIN_METHODS,
    adminHandlers: {
      localnet_tickers: () => books.books,
      localnet_set_ticker: (
        _context: NativeContext,
        book: { pair: WireTradingPair; ticker: WireTicker },
      ) => {
        books.setTicker(book);
      },
      localnet_remove_pair: (_context: NativeContext, pair: WireTradingPair) => {
        books.removePair(pair);
      },
      localnet_set_error: (_context: NativeContext, [error]: Opt<WireTickerError>) => {
        books.setError(error);
      },
    },
    typeNames: { PriceLevel, TradingPair, OrderBookTicker, GetOrderBookTickerError },
    availability: books.availability,
    save: () => books.save(),
    load: (bytes) => {
      books.load(bytes);
    },
  });
}
