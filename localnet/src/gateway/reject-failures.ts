import type { Principal } from '@dfinity/principal';
import { ErrorCode, errorCodeText, RejectCode, type Reject } from '../core/types.ts';
import { GatewayFailure } from './gateway-failure.ts';

/** What a rejected call to a canister's HTTP interface means to whoever opened the page. */
export function failureOfReject(
  reject: Reject,
  call: { readonly canisterId: Principal; readonly method: string },
): GatewayFailure {
  const id = call.canisterId.toText();
  const said = `It was answered: ${reject.message} (${errorCodeText(reject.errorCode)}).`;
  switch (reject.errorCode) {
    case ErrorCode.CanisterNotFound:
      return notFound(call.canisterId);
    case ErrorCode.CanisterWasmModuleNotFound:
      return new GatewayFailure({
        status: 503,
        cause: 'canister_not_installed',
        message: `Canister ${id} exists but has no code installed. ${said}`,
        advice: 'install it, for example with `icp deploy`, and reload.',
      });
    case ErrorCode.CanisterStopped:
    case ErrorCode.CanisterStopping:
      return new GatewayFailure({
        status: 503,
        cause: 'canister_stopped',
        message: `Canister ${id} is stopped or stopping. ${said}`,
        advice: `start it with \`icp canister start ${id}\` and reload.`,
      });
    case ErrorCode.CanisterOutOfCycles:
      return new GatewayFailure({
        status: 503,
        cause: 'canister_frozen',
        message: `Canister ${id} has run out of cycles. ${said}`,
        advice: `top it up, for example with \`icp canister top-up ${id}\`, and reload.`,
      });
    case ErrorCode.CanisterMethodNotFound:
      return new GatewayFailure({
        status: 502,
        cause: 'canister_no_http_interface',
        message: `Canister ${id} serves no web pages: it has no method ${call.method}. ${said}`,
        advice:
          'check that this is the canister you meant (a frontend, not a backend), or give it ' +
          'the methods of the HTTP gateway protocol.',
      });
    default:
      return otherFailure(reject, id, said);
  }
}

export function notFound(canisterId: Principal): GatewayFailure {
  return new GatewayFailure({
    status: 404,
    cause: 'canister_not_found',
    message: `There is no canister ${canisterId.toText()} on this network.`,
    advice:
      'compare the id with those the deployment printed; ids change when a network is started ' +
      'anew. Then open http://<canister id>.localhost:<port>/.',
  });
}

function otherFailure(reject: Reject, id: string, said: string): GatewayFailure {
  if (reject.code === RejectCode.DestinationInvalid) {
    return new GatewayFailure({
      status: 404,
      cause: 'canister_not_found',
      message: `Canister ${id} could not be reached. ${said}`,
      advice: 'check the canister id.',
    });
  }
  if (reject.code === RejectCode.CanisterReject) {
    return new GatewayFailure({
      status: 502,
      cause: 'canister_reject',
      message: `Canister ${id} refused the request. ${said}`,
      advice: 'see the message above; the canister chose these words itself.',
    });
  }
  return new GatewayFailure({
    status: 502,
    cause: 'canister_error',
    message: `Canister ${id} failed while answering. ${said}`,
    advice: `look at its log (\`icp canister logs ${id}\`) and fix the error it names.`,
  });
}
