import type { Header } from './http-interface.ts';

/** Headers about one connection. Source: RFC 9110, section 7.6.1. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Answers that never have a body. Source: Fetch, "null body status". */
const BODILESS = new Set([204, 205, 304]);

export interface ResponseParts {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** Known also for a stream, if the canister said it. */
  readonly length: number | undefined;
  readonly isHead: boolean;
}

/** No HTTP server could send this status or one of these headers. */
export class InvalidResponseError extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'InvalidResponseError';
  }
}

/** Builds what goes to the client. Errors: `InvalidResponseError`. */
export function toHttpResponse(parts: ResponseParts): Response {
  if (parts.status < 200 || parts.status > 599) {
    throw new InvalidResponseError(`status ${parts.status} is not an answer`);
  }
  const headers = new Headers();
  for (const [name, value] of parts.headers) {
    if (CONNECTION_HEADERS.has(name.toLowerCase())) continue;
    // The real length is known here; a wrong one would break the connection.
    if (name.toLowerCase() === 'content-length') continue;
    try {
      headers.append(name, value);
    } catch (error) {
      throw new InvalidResponseError(error instanceof Error ? error.message : String(error));
    }
  }
  const hasNoBody = BODILESS.has(parts.status);
  if (parts.length !== undefined && !hasNoBody) {
    headers.set('content-length', parts.length.toString());
  }
  const body = hasNoBody || parts.isHead ? null : parts.body;
  return new Response(body, { status: parts.status, headers });
}

export function withoutConnectionHeaders(headers: readonly Header[]): Header[] {
  return headers.filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()));
}

export function headerValue(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([header]) => header.toLowerCase() === name)?.[1];
}
