/**
 * Ends a request with a page that says in plain words what went wrong and what to do about it.
 * `cause` is for programs and logs; the names are those of dfinity/ic-gateway where it has one.
 */
export class GatewayFailure extends Error {
  readonly status: FailureStatus;
  override readonly cause: FailureCause;
  readonly advice: string;

  constructor(failure: {
    readonly status: FailureStatus;
    readonly cause: FailureCause;
    readonly message: string;
    readonly advice: string;
  }) {
    super(failure.message);
    this.name = 'GatewayFailure';
    this.status = failure.status;
    this.cause = failure.cause;
    this.advice = failure.advice;
  }
}

export type FailureStatus = 400 | 404 | 413 | 500 | 502 | 503 | 504;

export type FailureCause =
  | 'client_body_too_large'
  | 'client_malformed_request'
  | 'canister_id_not_resolved'
  | 'canister_id_incorrect'
  | 'canister_not_found'
  | 'canister_not_installed'
  | 'canister_stopped'
  | 'canister_frozen'
  | 'canister_no_http_interface'
  | 'canister_reject'
  | 'canister_error'
  | 'canister_undecodable_reply'
  | 'canister_invalid_response'
  | 'canister_timeout'
  | 'backend_response_verification'
  | 'internal_server_error';

/** The page for a failure. Never cached, never taken for anything but text. */
export function failurePage(failure: GatewayFailure): Response {
  return new Response(`${failure.message}\n\nWhat to do: ${failure.advice}\n`, {
    status: failure.status,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-ic-error-cause': failure.cause,
    },
  });
}
