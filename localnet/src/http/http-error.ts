/** Statuses the API answers a bad request with. */
export type ClientErrorStatus = 400 | 403 | 404 | 405 | 413;

/** A request that is refused as such: the client gets `status` and `message` as plain text. */
export class HttpError extends Error {
  readonly status: ClientErrorStatus;

  constructor(status: ClientErrorStatus, message: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
  }
}
