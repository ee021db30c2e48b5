import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { RawQuote, SampleRejection } from '../samples/sample.ts';
import type { OisyTradeOrigin } from '../sources/price-source.ts';
import { deviationBps, isWithin } from '../units.ts';
import { ratioOf, sourceError, tenTo } from './answer-checks.ts';

/** Price in the quote's smallest units for one whole base token; quantity in the base's. */
export interface WirePriceLevel {
  readonly price: bigint;
  readonly quantity: bigint;
}

type WireLevel = readonly [] | readonly [WirePriceLevel];

export interface WireOrderBookTicker {
  readonly bid: WireLevel;
  readonly ask: WireLevel;
}

export interface WireTickerError {
  readonly kind:
    | {
        readonly RequestError: readonly [] | readonly [{ readonly UnknownTradingPair: null }];
      }
    | { readonly TemporaryError: readonly unknown[] }
    | { readonly InternalError: readonly unknown[] };
  readonly message: readonly [] | readonly [string];
}

/** The reply of `get_order_book_ticker`. */
export type WireTickerResult =
  { readonly Ok: WireOrderBookTicker } | { readonly Err: WireTickerError };

/** The middle of the best bid and the best ask, if both are there and close to each other. */
export function decodeOisyTicker(answer: {
  readonly origin: OisyTradeOrigin;
  readonly reply: WireTickerResult;
}): Result<RawQuote, SampleRejection> {
  const { origin, reply } = answer;
  if ('Err' in reply) return err(sourceError(errorText(reply.Err)));
  const [bid] = reply.Ok.bid;
  const [ask] = reply.Ok.ask;
  if (bid === undefined || bid.quantity <= 0n) return err({ kind: 'empty-side', side: 'bid' });
  if (ask === undefined || ask.quantity <= 0n) return err({ kind: 'empty-side', side: 'ask' });
  if (bid.price <= 0n) return err({ kind: 'absurd-price' });
  if (bid.price >= ask.price) return err({ kind: 'crossed-book' });
  const sum = bid.price + ask.price;
  // (ask - bid) / middle, where the middle is sum / 2.
  const widened = sum + 2n * (ask.price - bid.price);
  if (!isWithin(widened, sum, origin.maxSpreadBps)) {
    return err({ kind: 'wide-spread', spreadBps: deviationBps(widened, sum) });
  }
  const quoteScale = tenTo(origin.quote.decimals);
  const ratio = ratioOf({ numerator: sum, denominator: 2n * quoteScale });
  return mapOk(ratio, (ratioE18) => ({
    ratioE18,
    depthUnits: thinnerSide({ bid, ask, baseScale: tenTo(origin.base.decimals) }),
    raw: {
      kind: 'oisy-trade',
      bidPrice: bid.price,
      bidUnits: bid.quantity,
      askPrice: ask.price,
      askUnits: ask.quantity,
    },
  }));
}

/** What it takes in the quote to eat through the smaller of the two best levels. */
function thinnerSide(book: {
  readonly bid: WirePriceLevel;
  readonly ask: WirePriceLevel;
  readonly baseScale: bigint;
}): TokenUnits {
  const { bid, ask, baseScale } = book;
  const bidUnits = (bid.price * bid.quantity) / baseScale;
  const askUnits = (ask.price * ask.quantity) / baseScale;
  return (bidUnits < askUnits ? bidUnits : askUnits) as TokenUnits;
}

function errorText({ kind, message }: WireTickerError): string {
  const name = Object.keys(kind)[0] ?? 'unknown';
  const isUnknownPair = 'RequestError' in kind && kind.RequestError.length > 0;
  return [name, isUnknownPair ? 'UnknownTradingPair' : '', message[0] ?? '']
    .filter((part) => part !== '')
    .join(': ');
}
