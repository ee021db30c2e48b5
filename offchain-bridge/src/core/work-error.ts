import type { ErrorClass } from './job-report.ts';

/**
 * Work that could not be done, with the class that decides what happens next. The message is for the
 * renter and the seller: what happened, in plain words; it never holds a secret.
 */
export class WorkError extends Error {
  override readonly name = 'WorkError';
  readonly class: ErrorClass;
  /** What the cloud asked for; 0 if nothing. */
  readonly retryAfterMs: number;

  constructor(
    errorClass: ErrorClass,
    message: string,
    more: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.class = errorClass;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}
