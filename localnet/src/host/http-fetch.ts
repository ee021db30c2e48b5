import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { RejectCode, type HttpOutcall, type HttpOutcallAnswer } from '../core/types.ts';

/** Source: dfinity/ic rs/https_outcalls/adapter, `http_request_timeout_secs`. */
const TIMEOUT_MS = 30_000;
/** Source: IC interface spec, `http_request`, `max_response_bytes`. */
const DEFAULT_MAX_RESPONSE_BYTES = 2_000_000n;
/** What the IC's adapter calls itself unless the canister says otherwise. */
const USER_AGENT = 'ic/1.0';

/**
 * Performs an HTTPS outcall for real, over `https:` or, for services of a test, `http:`. As on the
 * IC redirects are not followed and bodies not unpacked. Whatever fails becomes a reject; a body is
 * read one byte beyond its limit at most, so that the replica can refuse it.
 */
export function performOutcall(
  outcall: HttpOutcall,
  signal: AbortSignal,
): Promise<HttpOutcallAnswer> {
  const limitBytes = Number(outcall.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES) + 1;
  const abort = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  return send(outcall, abort)
    .then((response) => readAnswer(response, limitBytes))
    .catch((error: unknown) => ({
      kind: 'reject' as const,
      code: RejectCode.SysTransient,
      message: `Error(s) calling ${outcall.url}: ${String(error)}`,
    }));
}

function send(outcall: HttpOutcall, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(outcall.url);
    const request = url.protocol === 'http:' ? requestHttp : requestHttps;
    const outgoing = request(url, { method: outcall.method, signal }, resolve);
    for (const { name, value } of outcall.headers) outgoing.appendHeader(name, value);
    if (!outgoing.hasHeader('user-agent')) outgoing.setHeader('user-agent', USER_AGENT);
    outgoing.once('error', reject);
    outgoing.end(outcall.body);
  });
}

async function readAnswer(
  response: IncomingMessage,
  limitBytes: number,
): Promise<HttpOutcallAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= limitBytes) break;
  }
  return {
    kind: 'reply',
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: new Uint8Array(Buffer.concat(chunks).subarray(0, limitBytes)),
  };
}

function headersOf({ rawHeaders }: IncomingMessage): { name: string; value: string }[] {
  const headers: { name: string; value: string }[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    headers.push({ name: (rawHeaders[i] ?? '').toLowerCase(), value: rawHeaders[i + 1] ?? '' });
  }
  return headers;
}
