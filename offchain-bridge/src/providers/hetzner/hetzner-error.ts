/** What came of a request that did not do what it was for. */
export type HetznerFailure =
  /** It was refused. Without a code it was not by Hetzner, or Hetzner does not know the address. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string | undefined;
      /** Names of the fields that are wrong. */
      readonly fields: readonly string[];
      /** Names of the limits that are reached. */
      readonly limits: readonly string[];
    }
  /** It went well by its status, but the answer cannot be read. */
  | { readonly kind: 'unreadable'; readonly status: number }
  /** It is certain that Hetzner did not get it. */
  | { readonly kind: 'not-sent' }
  /** Hetzner may have got it; no answer came. */
  | { readonly kind: 'lost' }
  /** As `lost`: whoever asked does not want to know any more. */
  | { readonly kind: 'given-up' };

/**
 * A request to Hetzner that failed. The message holds what Hetzner or the network said, for the log; the
 * account's token is taken out of it.
 */
export class HetznerError extends Error {
  override readonly name = 'HetznerError';
  readonly failure: HetznerFailure;
  /** By it Hetzner's support finds the request. */
  readonly correlationId: string | undefined;

  constructor(failure: HetznerFailure, message: string, correlationId?: string) {
    super(message);
    this.failure = failure;
    this.correlationId = correlationId;
  }
}

/** The code that Hetzner gave; undefined if it gave none. */
export function codeOf({ failure }: HetznerError): string | undefined {
  return failure.kind === 'refused' ? failure.code : undefined;
}

/** Whether Hetzner says that it has nothing of that id. */
export function isGone(error: unknown): boolean {
  return error instanceof HetznerError && codeOf(error) === 'not_found';
}
