import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';

const Blob = IDL.Vec(IDL.Nat8);
const Headers = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text));

const HttpUpdateRequest = IDL.Record({
  method: IDL.Text,
  url: IDL.Text,
  headers: Headers,
  body: Blob,
});
const HttpRequest = IDL.Record({
  method: IDL.Text,
  url: IDL.Text,
  headers: Headers,
  body: Blob,
  certificate_version: IDL.Opt(IDL.Nat16),
});
/** Every canister chooses the token's type, and with it the callback's. */
const HttpResponse = IDL.Record({
  status_code: IDL.Nat16,
  headers: Headers,
  body: Blob,
  upgrade: IDL.Opt(IDL.Bool),
  streaming_strategy: IDL.Opt(
    IDL.Variant({ Callback: IDL.Record({ callback: IDL.Unknown, token: IDL.Unknown }) }),
  ),
});
/** `opt` also reads the canisters that answer without it, as DFINITY's do. */
const StreamPart = IDL.Opt(IDL.Record({ body: Blob, token: IDL.Opt(IDL.Unknown) }));

export type Header = [name: string, value: string];

export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** A method to call for more of the body, with its Candid-encoded argument. */
export interface StreamingCallback {
  readonly canisterId: Principal;
  readonly method: string;
  readonly token: Uint8Array;
}

export interface CanisterHttpResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly wantsUpdate: boolean;
  readonly streaming: StreamingCallback | undefined;
}

/** One further part of a streamed body; no token means it is the last. */
export interface StreamedPart {
  readonly body: Uint8Array;
  readonly token: Uint8Array | undefined;
}

/** What a canister replied is not what the HTTP interface asks for. */
export class UndecodableReplyError extends Error {
  constructor(method: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(`the reply of ${method} could not be read: ${detail}`, { cause });
    this.name = 'UndecodableReplyError';
  }
}

/** Argument of `http_request`, asking for certification v2. */
export function encodeHttpRequest(request: GatewayRequest): Uint8Array {
  const argument = { ...request, headers: [...request.headers], certificate_version: [2] };
  return new Uint8Array(IDL.encode([HttpRequest], [argument]));
}

/** Argument of `http_request_update`. */
export function encodeHttpUpdateRequest(request: GatewayRequest): Uint8Array {
  const argument = { ...request, headers: [...request.headers] };
  return new Uint8Array(IDL.encode([HttpUpdateRequest], [argument]));
}

/** Errors: `UndecodableReplyError`. Source: HTTP gateway protocol, "Canister HTTP Interface". */
export function decodeHttpResponse(method: string, reply: Uint8Array): CanisterHttpResponse {
  try {
    const [decoded] = IDL.decode([HttpResponse], new Uint8Array(reply)) as unknown as [
      DecodedHttpResponse,
    ];
    const [strategy] = decoded.streaming_strategy;
    return {
      status: decoded.status_code,
      headers: decoded.headers,
      body: decoded.body,
      wantsUpdate: decoded.upgrade[0] === true,
      streaming: strategy === undefined ? undefined : callbackOf(strategy.Callback),
    };
  } catch (error) {
    throw new UndecodableReplyError(method, error);
  }
}

/** Errors: `UndecodableReplyError`. A reply of `null` is an empty last part. */
export function decodeStreamedPart(method: string, reply: Uint8Array): StreamedPart {
  try {
    const [decoded] = IDL.decode([StreamPart], new Uint8Array(reply)) as unknown as [
      [] | [{ body: Uint8Array; token: [] | [UnknownValue] }],
    ];
    const [part] = decoded;
    const token = part?.token[0];
    return {
      body: part?.body ?? new Uint8Array(),
      token: token === undefined ? undefined : encodeUnknown(token),
    };
  } catch (error) {
    throw new UndecodableReplyError(method, error);
  }
}

/** A value with the Candid type it came with; primitives are boxed. */
interface UnknownValue {
  readonly type: () => IDL.Type;
  readonly valueOf: () => unknown;
}

interface DecodedHttpResponse {
  readonly status_code: number;
  readonly headers: Header[];
  readonly body: Uint8Array;
  readonly upgrade: [] | [boolean];
  readonly streaming_strategy:
    [] | [{ readonly Callback: { readonly callback: unknown; readonly token: UnknownValue } }];
}

function callbackOf(strategy: {
  readonly callback: unknown;
  readonly token: UnknownValue;
}): StreamingCallback {
  const reference: unknown[] = Array.isArray(strategy.callback) ? strategy.callback : [];
  const [canisterId, method] = reference;
  if (!Principal.isPrincipal(canisterId) || typeof method !== 'string') {
    throw new Error('the streaming callback is not a function');
  }
  return {
    canisterId: Principal.from(canisterId),
    method,
    token: encodeUnknown(strategy.token),
  };
}

function encodeUnknown(value: UnknownValue): Uint8Array {
  return new Uint8Array(IDL.encode([value.type()], [value.valueOf()]));
}
