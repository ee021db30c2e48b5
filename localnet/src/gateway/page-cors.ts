/** Source: defaults of dfinity/ic-gateway. */
const ALLOWED_METHODS = 'HEAD, GET, POST, PUT, DELETE, PATCH';
const ALLOWED_HEADERS =
  'user-agent, dnt, if-none-match, if-modified-since, cache-control, content-type, range, ' +
  'cookie, x-requested-with, x-ic-canister-id';
const EXPOSED_HEADERS =
  'accept-ranges, content-length, content-range, x-request-id, x-ic-canister-id';
const MAX_AGE_SECONDS = '7200';

/** A browser asking whether it may send the real request: the gateway answers for all canisters. */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
}

export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': ALLOWED_METHODS,
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': MAX_AGE_SECONDS,
    },
  });
}

/** Lets pages of any origin read the answer, unless the canister decided otherwise. */
export function allowAnyOrigin(headers: Headers): void {
  if (headers.has('access-control-allow-origin')) return;
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-expose-headers', EXPOSED_HEADERS);
}
