import { decodeStreamedPart, type StreamedPart, type StreamingCallback } from './http-interface.ts';

/** Parts gathered before answering, so that the whole can be verified. Source: ic-gateway. */
const MAX_VERIFIABLE_PARTS = 4;
/** Parts in all: ends a canister that never stops streaming. Source: ic-gateway. */
const MAX_PARTS = 1_000;

type Query = (call: {
  readonly canisterId: StreamingCallback['canisterId'];
  readonly method: string;
  readonly arg: Uint8Array;
}) => Uint8Array;

/** A body as far as it was gathered, and the rest if that would be too much to verify at once. */
export interface GatheredBody {
  readonly body: Uint8Array;
  readonly rest: Iterator<Uint8Array> | undefined;
}

/** Calls back for parts until there are no more, or too many to hold. */
export function gatherBody(
  first: Uint8Array,
  callback: StreamingCallback | undefined,
  query: Query,
): GatheredBody {
  if (callback === undefined) return { body: first, rest: undefined };
  const parts = [first];
  let next: StreamingCallback | undefined = callback;
  while (next !== undefined && parts.length <= MAX_VERIFIABLE_PARTS) {
    const part = fetchPart(next, query);
    parts.push(part.body);
    next = part.token === undefined ? undefined : { ...next, token: part.token };
  }
  return {
    body: Uint8Array.from(Buffer.concat(parts)),
    rest: next === undefined ? undefined : remainingParts(next, query, parts.length - 1),
  };
}

/** A stream that asks for a part only when the client has taken the one before. */
export function streamOf(parts: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const step = parts.next();
        if (step.done === true) controller.close();
        else controller.enqueue(step.value);
      },
      cancel() {
        parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function* remainingParts(
  callback: StreamingCallback,
  query: Query,
  partsBefore: number,
): Generator<Uint8Array, void> {
  let next: StreamingCallback | undefined = callback;
  for (let count = partsBefore; next !== undefined; count += 1) {
    if (count >= MAX_PARTS) throw new Error(`streamed body exceeds ${MAX_PARTS} parts`);
    const part = fetchPart(next, query);
    if (part.body.length > 0) yield part.body;
    next = part.token === undefined ? undefined : { ...next, token: part.token };
  }
}

function fetchPart(callback: StreamingCallback, query: Query): StreamedPart {
  const { canisterId, method, token } = callback;
  return decodeStreamedPart(method, query({ canisterId, method, arg: token }));
}
