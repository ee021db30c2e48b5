import { GatewayFailure } from './gateway-failure.ts';
import type { GatewayRequest, Header } from './http-interface.ts';
import { withoutConnectionHeaders } from './http-response.ts';

/** What a header value may hold to be passed on as text. Source: RFC 9110, section 5.5. */
const PRINTABLE = /^[\t\x20-\x7e]*$/;

/**
 * The request as the canister gets it: the path and query as they came, and the headers without
 * those of the connection. `identity` is always acceptable, so that a canister always has an answer.
 *
 * Errors: `GatewayFailure` for header values that are not plain ASCII.
 */
export async function toGatewayRequest(request: Request): Promise<GatewayRequest> {
  const url = new URL(request.url);
  const headers: Header[] = [];
  for (const [name, value] of request.headers) {
    if (!PRINTABLE.test(value)) throw malformedHeader(name);
    if (name !== 'x-request-id') headers.push([name, passedValue(name, value)]);
  }
  return {
    method: request.method,
    url: `${url.pathname}${url.search}`,
    headers: withoutConnectionHeaders(headers),
    body: new Uint8Array(await request.arrayBuffer()),
  };
}

function passedValue(name: string, value: string): string {
  if (name !== 'accept-encoding') return value;
  const encodings = value.split(',').map((encoding) => encoding.trim());
  if (encodings.some((encoding) => encoding.toLowerCase() === 'identity')) return value;
  return [...encodings, 'identity'].join(', ');
}

function malformedHeader(name: string): GatewayFailure {
  return new GatewayFailure({
    status: 400,
    cause: 'client_malformed_request',
    message: `The value of the request header ${name} is not plain ASCII.`,
    advice: 'percent-encode it.',
  });
}
