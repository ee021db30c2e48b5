import type { Principal } from '@dfinity/principal';
import type { ReplicaHost } from '../host/replica-host.ts';
import { queryCanister, updateCanister, type CanisterCall } from './canister-calls.ts';
import { gatherBody, streamOf, type GatheredBody } from './chunk-stream.ts';
import { GatewayFailure } from './gateway-failure.ts';
import {
  decodeHttpResponse,
  encodeHttpRequest,
  encodeHttpUpdateRequest,
  type CanisterHttpResponse,
  type GatewayRequest,
  type Header,
} from './http-interface.ts';
import { headerValue, toHttpResponse } from './http-response.ts';
import { rangedBody, type RangedExchange } from './ranged-body.ts';
import { notFound } from './reject-failures.ts';
import { verifyResponse, type Verdict } from './verify-response.ts';

const QUERY = 'http_request';
const UPDATE = 'http_request_update';
const PARTIAL_CONTENT = 206;

export interface CanisterPage {
  readonly host: ReplicaHost;
  readonly canisterId: Principal;
  readonly isRaw: boolean;
  readonly request: GatewayRequest;
  readonly updateTimeoutMs: number;
}

/**
 * Answers an HTTP request from a canister: asks it by query, by update if it wants that, fetches
 * streamed parts, and passes on only what the subnet certified unless the host is a raw one.
 *
 * Errors: `GatewayFailure`, `UndecodableReplyError`, `InvalidResponseError`.
 * Source: HTTP gateway protocol; the order of steps and the limits as in dfinity/http-gateway.
 */
export async function serveCanister(page: CanisterPage): Promise<Response> {
  const { host, canisterId, request } = page;
  if (host.replica.canister(canisterId) === undefined) throw notFound(canisterId);
  const query = (call: CanisterCall): Uint8Array => queryCanister(host, call);

  const first = decodeHttpResponse(
    QUERY,
    query({ canisterId, method: QUERY, arg: encodeHttpRequest(request) }),
  );
  const response = first.wantsUpdate ? await askByUpdate(page) : first;
  assertOwnCallback(page, response);
  const gathered = gatherBody(response.body, response.streaming, query);
  if (first.wantsUpdate || page.isRaw || gathered.rest !== undefined) {
    return answer(page, { response, gathered, headers: response.headers });
  }
  const verdict = verify(page, request, { ...response, body: gathered.body });
  return answer(page, { response, gathered, headers: passedOn(page, response, verdict) });
}

async function askByUpdate(page: CanisterPage): Promise<CanisterHttpResponse> {
  const { canisterId } = page;
  const call = { canisterId, method: UPDATE, arg: encodeHttpUpdateRequest(page.request) };
  return decodeHttpResponse(UPDATE, await updateCanister(page.host, call, page.updateTimeoutMs));
}

/** Source: HTTP gateway protocol, "Response Body Streaming". */
function assertOwnCallback(page: CanisterPage, response: CanisterHttpResponse): void {
  const callback = response.streaming;
  if (callback === undefined || callback.canisterId.compareTo(page.canisterId) === 'eq') return;
  throw new GatewayFailure({
    status: 502,
    cause: 'canister_invalid_response',
    message:
      `Canister ${page.canisterId.toText()} wants the rest of its answer to come from another ` +
      `canister, ${callback.canisterId.toText()}.`,
    advice: 'the streaming callback must be a method of the canister itself.',
  });
}

type Verified = Extract<Verdict, { kind: 'verified' }>;

function verify(
  page: CanisterPage,
  request: GatewayRequest,
  response: Pick<CanisterHttpResponse, 'status' | 'headers' | 'body'>,
): Verified {
  const { host, canisterId } = page;
  const verdict = verifyResponse({
    request,
    response,
    canisterId,
    timeNs: host.replica.timeNs(),
    rootKey: host.replica.rootKey,
    minVersion: supportsVersion2(page) ? 2 : 1,
  });
  if (verdict.kind === 'refused') throw unverified(page, verdict.reason);
  return verdict;
}

/** Source: HTTP gateway protocol, "Response Verification Version Assertion". */
function supportsVersion2(page: CanisterPage): boolean {
  const sections = page.host.replica.canister(page.canisterId)?.metadata ?? [];
  const versions = sections.find(
    ({ name, isPublic }) => isPublic && name === 'supported_certificate_versions',
  );
  const text = versions === undefined ? '' : Buffer.from(versions.content).toString('utf8');
  return text.split(',').some((version) => version.trim() === '2');
}

function unverified(page: CanisterPage, reason: string): GatewayFailure {
  const id = page.canisterId.toText();
  return new GatewayFailure({
    status: 503,
    cause: 'backend_response_verification',
    message: `The answer of canister ${id} is not certified by the network: ${reason}.`,
    advice:
      'have the canister certify its responses, or answer `upgrade = opt true` and handle ' +
      `${UPDATE}. To see the answer unverified, use the host name ${id}.raw.localhost. ` +
      "The IC's own gateways behave the same.",
  });
}

/** The headers that may reach the client. Version 1 covers neither status nor headers. */
function passedOn(
  page: CanisterPage,
  response: CanisterHttpResponse,
  verdict: Verified,
): readonly Header[] {
  if (verdict.version === 2) return verdict.certifiedHeaders ?? response.headers;
  if (response.status >= 300 && response.status < 400) {
    throw unverified(page, 'version 1 certificates do not cover redirects');
  }
  return response.headers.filter(([name]) => name.toLowerCase() !== 'cache-control');
}

function answer(
  page: CanisterPage,
  ready: {
    readonly response: CanisterHttpResponse;
    readonly gathered: GatheredBody;
    readonly headers: readonly Header[];
  },
): Response {
  const { response, gathered, headers } = ready;
  const isHead = page.request.method === 'HEAD';
  if (response.status === PARTIAL_CONTENT && !asksForRange(page.request)) {
    const exchange = rangedExchange(page, { ...response, body: gathered.body });
    const whole = rangedBody(exchange);
    const plainHeaders = headers.filter(([name]) => name.toLowerCase() !== 'content-range');
    return toHttpResponse({
      status: 200,
      headers: plainHeaders,
      body: streamOf(whole.parts),
      length: whole.total,
      isHead,
    });
  }
  const { body, rest } = gathered;
  return toHttpResponse({
    status: response.status,
    headers,
    body: rest === undefined ? new Uint8Array(body) : streamOf(joined(body, rest)),
    length: rest !== undefined || (isHead && body.length === 0) ? undefined : body.length,
    isHead,
  });
}

function asksForRange(request: GatewayRequest): boolean {
  return ['range', 'if-range'].some((name) => headerValue(request.headers, name) !== undefined);
}

/** A canister that answers in ranges is asked for one after the other, each verified by itself. */
function rangedExchange(page: CanisterPage, first: CanisterHttpResponse): RangedExchange {
  const { host, canisterId, request } = page;
  return {
    first,
    next: (firstByte) => {
      const range: Header = ['range', `bytes=${firstByte}-`];
      const asked = { ...request, headers: [...request.headers, range] };
      const arg = encodeHttpRequest(asked);
      const response = decodeHttpResponse(
        QUERY,
        queryCanister(host, { canisterId, method: QUERY, arg }),
      );
      if (!page.isRaw) verify(page, asked, response);
      return response;
    },
  };
}

function* joined(first: Uint8Array, rest: Iterator<Uint8Array>): Generator<Uint8Array, void> {
  yield first;
  for (let step = rest.next(); step.done !== true; step = rest.next()) yield step.value;
}
