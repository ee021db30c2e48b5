import { parseContentRange, type ByteRange } from './byte-range.ts';
import { GatewayFailure } from './gateway-failure.ts';
import type { CanisterHttpResponse } from './http-interface.ts';
import { headerValue } from './http-response.ts';

export interface RangedExchange {
  /** The first answer: status 206 although no range was asked for. */
  readonly first: CanisterHttpResponse;
  /** The answer to the same request with a range from `firstByte` to the end. */
  readonly next: (firstByte: number) => CanisterHttpResponse;
}

/**
 * A whole body put together from ranges. Ranges may overlap, must leave no gap, and must agree on
 * the total. Errors: `GatewayFailure` at once for the first range, from `parts` for later ones.
 */
export function rangedBody(exchange: RangedExchange): {
  readonly parts: Iterator<Uint8Array>;
  readonly total: number;
} {
  const range = rangeOf(exchange.first, 0);
  return { parts: parts(exchange, range), total: range.total };
}

function* parts(exchange: RangedExchange, firstRange: ByteRange): Generator<Uint8Array, void> {
  yield exchange.first.body;
  let sent = firstRange.last + 1;
  while (sent < firstRange.total) {
    const response = exchange.next(sent);
    const range = rangeOf(response, sent);
    if (range.total !== firstRange.total) throw invalidRange('the total length has changed');
    yield response.body.subarray(sent - range.first);
    sent = range.last + 1;
  }
}

/** The range an answer covers: it begins at or before `from` and goes beyond it. */
function rangeOf(response: CanisterHttpResponse, from: number): ByteRange {
  if (response.streaming !== undefined) throw invalidRange('a range is streamed in parts');
  const range = parseContentRange(headerValue(response.headers, 'content-range'));
  if (range === undefined) throw invalidRange('Content-Range is missing or malformed');
  if (range.first > from || range.last < from) throw invalidRange('ranges leave a gap');
  if (response.body.length !== range.last - range.first + 1) {
    throw invalidRange('the body is not as long as its range');
  }
  return range;
}

function invalidRange(detail: string): GatewayFailure {
  return new GatewayFailure({
    status: 502,
    cause: 'canister_invalid_response',
    message: `The canister answered in ranges that do not fit together: ${detail}.`,
    advice: 'each 206 answer must say `Content-Range: bytes <first>-<last>/<total>` of its body.',
  });
}
