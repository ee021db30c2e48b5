import {
  ResponseVerificationError,
  verifyRequestResponsePair,
} from '@dfinity/response-verification';
import type { Principal } from '@dfinity/principal';
import type { GatewayRequest, Header } from './http-interface.ts';

/** How old a certificate may be. Source: dfinity/http-gateway. */
const MAX_CERTIFICATE_AGE_NS = 300_000_000_000n;
const REQUESTED_VERSION = 2;

export interface VerifiableExchange {
  readonly request: GatewayRequest;
  readonly response: {
    readonly status: number;
    readonly headers: readonly Header[];
    readonly body: Uint8Array;
  };
  readonly canisterId: Principal;
  readonly timeNs: bigint;
  /** DER-encoded. */
  readonly rootKey: Uint8Array;
  /** 2 if the canister says that it can do better than 1. */
  readonly minVersion: 1 | 2;
}

/**
 * `certifiedHeaders` are the only ones that may be passed on; undefined where the canister had it
 * certified that it certifies nothing (v2) or headers are never covered (v1).
 */
export type Verdict =
  | {
      readonly kind: 'verified';
      readonly version: 1 | 2;
      readonly certifiedHeaders: readonly Header[] | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Checks that the subnet certified this response for this request, with the library the IC's own
 * gateways use. Anything the library does not accept, its own crash included, is refused.
 *
 * Source: HTTP gateway protocol, "Response Verification".
 */
export function verifyResponse(exchange: VerifiableExchange): Verdict {
  const { request, response } = exchange;
  if (!/^[A-Z]+$/.test(request.method)) return refused('the request method is not a known one');
  if (response.status < 100 || response.status > 999) return refused('the status is not valid');
  try {
    const result = verifyRequestResponsePair(
      {
        method: request.method,
        url: request.url,
        headers: [...request.headers],
        body: request.body,
        certificate_version: [REQUESTED_VERSION],
      },
      {
        status_code: response.status,
        headers: [...response.headers],
        body: response.body,
      },
      exchange.canisterId.toUint8Array(),
      exchange.timeNs,
      MAX_CERTIFICATE_AGE_NS,
      exchange.rootKey,
      exchange.minVersion,
    );
    const version = result.verificationVersion === 1 ? 1 : 2;
    return {
      kind: 'verified',
      version,
      certifiedHeaders: version === 1 ? undefined : result.response?.headers,
    };
  } catch (error) {
    if (error instanceof ResponseVerificationError) return refused(error.message);
    // WebAssembly's own error: the library gave up on input it did not expect.
    if (error instanceof WebAssembly.RuntimeError) return refused('it cannot be verified');
    throw error;
  }
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason };
}
