import { httpOutcallFee } from '../core/cycles-cost.ts';
import { ErrorCode, type HttpHeader, type HttpOutcall } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { settleOutcall } from './http-outcall.ts';
import { type MethodScene, subnetMethod } from './method.ts';
import { Refusal } from './refusal.ts';
import { HttpRequestArgs, HttpResult, type WireHttpRequest } from './wire/http.ts';

// Source: IC spec, "http_request", and rs/types/types/src/canister_http.rs of dfinity/ic.
const URL_BYTES_MAX = 8_192;
const RESPONSE_BYTES_MAX = 2_000_000n;
const REQUEST_BYTES_MAX = 2_000_000;
const HEADERS_MAX = 64;
const HEADER_BYTES_MAX = 8_192;
const HEADERS_BYTES_MAX = 49_152;

export const httpRequest = subnetMethod({
  argType: HttpRequestArgs,
  resultType: HttpResult,
  route: 'canisters',
  run: (scene, wire) => {
    const arg = wire as WireHttpRequest;
    check(scene, arg);
    const { kernel, call } = scene;
    const maxResponseBytes = arg.max_response_bytes[0] ?? RESPONSE_BYTES_MAX;
    const fee = httpOutcallFee({ requestBytes: BigInt(requestBytes(arg)), maxResponseBytes });
    if (call.cycles < fee) {
      throw refused(
        `http_request request sent with ${call.cycles.toString()} cycles, but ` +
          `${fee.toString()} cycles are required.`,
      );
    }
    const id = kernel.nextOutcallId;
    kernel.nextOutcallId += 1;
    const pending = { maxResponseBytes, transform: arg.transform[0] };
    kernel.outcalls.set(id, {
      outcall: outcallOf(id, scene, arg),
      answer: (answer) => {
        kernel.deliver(call.origin, settleOutcall(kernel, pending, answer), call.cycles - fee);
      },
    });
    return { kind: 'later' };
  },
});

function outcallOf(id: number, { call }: MethodScene, arg: WireHttpRequest): HttpOutcall {
  return {
    id,
    canisterId: call.caller,
    url: arg.url,
    method: 'get' in arg.method ? 'GET' : 'head' in arg.method ? 'HEAD' : 'POST',
    headers: arg.headers,
    body: arg.body[0]?.slice() ?? new Uint8Array(0),
    maxResponseBytes: arg.max_response_bytes[0],
  };
}

function check({ call }: MethodScene, arg: WireHttpRequest): void {
  checkUrl(arg.url);
  const max = arg.max_response_bytes[0] ?? RESPONSE_BYTES_MAX;
  if (max > RESPONSE_BYTES_MAX) {
    throw refused(
      `max_response_bytes expected to be in the range [0..${RESPONSE_BYTES_MAX.toString()}], ` +
        `got ${max.toString()}`,
    );
  }
  checkHeaders(arg.headers);
  const bytes = arg.headers.reduce((sum, header) => sum + headerBytes(header), 0);
  if (bytes + (arg.body[0]?.length ?? 0) > REQUEST_BYTES_MAX) {
    throw refused(
      `total number of bytes to represent all http headers and the http body exceeds ` +
        `${REQUEST_BYTES_MAX}`,
    );
  }
  const transformer = arg.transform[0]?.function[0].toText();
  if (transformer !== undefined && transformer !== call.caller.toText()) {
    throw refused(
      'transform needs to be exported by the canister making the http_request call: expected ' +
        `${call.caller.toText()}, got ${transformer}`,
    );
  }
}

function checkUrl(url: string): void {
  if (utf8(url).length > URL_BYTES_MAX) {
    throw refused(`number of bytes to represent url exceeds ${URL_BYTES_MAX}`);
  }
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  // Plain http is for servers on the developer's own machine.
  if (protocol !== 'https:' && protocol !== 'http:') throw refused(`url is not valid: ${url}`);
}

function checkHeaders(headers: readonly HttpHeader[]): void {
  if (headers.length > HEADERS_MAX) throw refused(`number of http headers exceeds ${HEADERS_MAX}`);
  for (const { name, value } of headers) {
    if (utf8(name).length > HEADER_BYTES_MAX || utf8(value).length > HEADER_BYTES_MAX) {
      throw refused(`number of bytes to represent http header exceeds ${HEADER_BYTES_MAX}`);
    }
  }
  const bytes = headers.reduce((sum, header) => sum + headerBytes(header), 0);
  if (bytes > HEADERS_BYTES_MAX) {
    throw refused(
      `total number of bytes to represent all http headers exceeds ${HEADERS_BYTES_MAX}`,
    );
  }
}

function headerBytes({ name, value }: HttpHeader): number {
  return utf8(name).length + utf8(value).length;
}

/** What the fee is reckoned from. Source: `variable_parts_size` of dfinity/ic. */
function requestBytes(arg: WireHttpRequest): number {
  const [transform] = arg.transform;
  const headers = arg.headers.reduce((sum, header) => sum + headerBytes(header), 0);
  const transformBytes =
    transform === undefined ? 0 : utf8(transform.function[1]).length + transform.context.length;
  return utf8(arg.url).length + headers + (arg.body[0]?.length ?? 0) + transformBytes;
}

function refused(message: string): Refusal {
  return new Refusal(ErrorCode.CanisterRejectedMessage, message);
}
