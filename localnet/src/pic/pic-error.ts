/**
 * A request that PocketIC's protocol answers with status 400 and `{message}`; clients show the
 * message and do not retry.
 */
export class PicError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PicError';
  }
}
