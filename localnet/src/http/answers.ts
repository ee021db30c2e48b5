import type { HttpError } from './http-error.ts';

export const CBOR_TYPE = 'application/cbor';

export function cborAnswer(body: Uint8Array): Response {
  return new Response(new Uint8Array(body), { headers: { 'content-type': CBOR_TYPE } });
}

export function errorAnswer(error: HttpError): Response {
  return new Response(error.message, {
    status: error.status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}
