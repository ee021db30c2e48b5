import { IDL } from '@dfinity/candid';
import { lazy } from '../candid/lazy-type.ts';
import { encodeText } from '../text-host.ts';
import { metricsText, type Metric } from './metrics.ts';

/** What the HTTP gateway hands to `http_request`. Source: HTTP gateway protocol specification. */
export const HttpRequest = lazy(() =>
  IDL.Record({
    url: IDL.Text,
    method: IDL.Text,
    body: IDL.Vec(IDL.Nat8),
    headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    certificate_version: IDL.Opt(IDL.Nat16),
  }),
);

export const HttpResponse = lazy(() =>
  IDL.Record({
    status_code: IDL.Nat16,
    headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    body: IDL.Vec(IDL.Nat8),
  }),
);

export interface WireHttpRequest {
  readonly url: string;
  readonly method: string;
}

export interface WireHttpResponse {
  readonly status_code: number;
  readonly headers: [string, string][];
  readonly body: Uint8Array;
}

/** What a canister shows of itself over HTTP. */
export interface HealthPages {
  readonly version: string;
  readonly metrics: () => readonly Metric[];
  /** What somebody has to look at; with any, `/healthz` says `degraded` instead of `ok`. */
  readonly troubles?: () => readonly string[];
}

/**
 * Answers `/healthz` and `/metrics`, and nothing else. The pages are not certified: read them
 * through a raw domain, and trust them as far as one replica.
 */
export function answerHttp(request: WireHttpRequest, pages: HealthPages): WireHttpResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return page({ status: 405, type: 'text/plain', text: 'method not allowed\n' });
  }
  const answer = pageAt(request.url.split('?', 1)[0] ?? '', pages);
  return request.method === 'HEAD' ? { ...answer, body: new Uint8Array(0) } : answer;
}

function pageAt(path: string, pages: HealthPages): WireHttpResponse {
  switch (path) {
    case '/healthz': {
      const text = `${JSON.stringify(health(pages))}\n`;
      return page({ status: 200, type: 'application/json', text });
    }
    case '/metrics':
      return page({
        status: 200,
        type: 'text/plain; version=0.0.4',
        text: metricsText(pages.metrics()),
      });
    default:
      return page({ status: 404, type: 'text/plain', text: 'not found\n' });
  }
}

/** Answered with 200 either way: a canister that says what troubles it is there. */
function health({ version, troubles }: HealthPages): Record<string, unknown> {
  const found = troubles?.() ?? [];
  return found.length === 0
    ? { status: 'ok', version }
    : { status: 'degraded', version, troubles: found };
}

function page(content: {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}): WireHttpResponse {
  return {
    status_code: content.status,
    headers: [
      ['content-type', content.type],
      ['cache-control', 'no-store'],
    ],
    body: encodeText(content.text),
  };
}
