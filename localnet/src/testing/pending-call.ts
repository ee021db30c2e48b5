import type { MessageId, Reject, Response } from '../core/types.ts';

/** A call was rejected. `code` is the reject code, `reject.errorCode` the finer one. */
export class RejectedError extends Error {
  readonly reject: Reject;

  constructor(method: string, reject: Reject) {
    super(`${method}: ${reject.message} (reject code ${reject.code})`);
    this.name = 'RejectedError';
    this.reject = reject;
  }

  get code(): Reject['code'] {
    return this.reject.code;
  }
}

/** A call that was handed in and runs as rounds are run. */
export interface PendingCall<T> {
  readonly id: MessageId;
  readonly method: string;
  isDone(): boolean;
  /** The raw answer; undefined while there is none. Stays readable for ever. */
  response(): Response | undefined;
  /** The decoded reply. Throws `RejectedError` if it was rejected and `Error` if it still runs. */
  result(): T;
  /**
   * What all canisters spent from its hand-in to its answer, or to now: its own call tree if
   * nothing else ran meanwhile.
   */
  instructions(): bigint;
}

/** The state behind a `PendingCall`; the world settles it. */
export class CallRecord {
  readonly id: MessageId;
  readonly method: string;
  readonly #spentNow: () => bigint;
  readonly #spentBefore: bigint;
  #settled: { readonly response: Response; readonly spent: bigint } | undefined;

  constructor(call: { id: MessageId; method: string; spentNow: () => bigint }) {
    this.id = call.id;
    this.method = call.method;
    this.#spentNow = call.spentNow;
    this.#spentBefore = call.spentNow();
  }

  settle(response: Response): void {
    this.#settled = { response, spent: this.#spentNow() };
  }

  response(): Response | undefined {
    return this.#settled?.response;
  }

  instructions(): bigint {
    return (this.#settled?.spent ?? this.#spentNow()) - this.#spentBefore;
  }
}

export function pendingCall<T>(
  record: CallRecord,
  decode: (reply: Uint8Array) => T,
): PendingCall<T> {
  const { id, method } = record;
  return {
    id,
    method,
    isDone: () => record.response() !== undefined,
    response: () => record.response(),
    result: () => {
      const response = record.response();
      if (response === undefined) throw new Error(`${method} has no answer yet`);
      return decodeResponse(method, response, decode);
    },
    instructions: () => record.instructions(),
  };
}

export function decodeResponse<T>(
  method: string,
  response: Response,
  decode: (reply: Uint8Array) => T,
): T {
  if (response.kind === 'reject') throw new RejectedError(method, response);
  return decode(response.data);
}
