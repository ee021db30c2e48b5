import { ApiError } from '../api-error.ts';
import type { FaultBoard, TakeFault } from '../faults/fault-board.ts';
import type { CloudParts } from '../parts.ts';
import type { Access, Project } from '../project.ts';
import type { ApiAnswer, Endpoint } from './endpoint.ts';
import { rateLimitHeaders } from './token-bucket.ts';

export interface ApiParts extends CloudParts {
  readonly access: ReadonlyMap<string, Access>;
  readonly faults: FaultBoard;
  readonly rateLimitPerHour: number;
  readonly onProblem: (problem: string) => void;
}

/** A request as it came in, with whom its token stands for. */
export interface Incoming {
  readonly endpoint: Endpoint;
  readonly token: string | undefined;
  readonly access: Access | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly bodyText: string;
  readonly takeFault: TakeFault;
}

export type Headers = Readonly<Record<string, string>>;

/** What goes back; a `page` is HTML of something in between. */
export type Outgoing =
  | { readonly kind: 'json'; readonly answer: ApiAnswer; readonly headers: Headers }
  | { readonly kind: 'page'; readonly status: number };

/** Answers one request, faults included; everything it changes is stored when it returns. */
export function answerRequest(parts: ApiParts, incoming: Incoming): Outgoing {
  const page = incoming.takeFault('html');
  if (page !== undefined) return { kind: 'page', status: page.status };
  try {
    refuseByFault(incoming.takeFault);
    const { project, isReadOnly } = authenticate(incoming);
    return answerFor(parts, incoming, project, isReadOnly);
  } catch (error) {
    return { kind: 'json', answer: refusal(parts, error), headers: {} };
  }
}

/** The answer to a path that the API has not; it comes before the token is looked at. */
export function unknownRoute(): ApiAnswer {
  return toAnswer(new ApiError(404, 'not_found', 'api route not found'));
}

function refuseByFault(takeFault: TakeFault): void {
  const fault = takeFault('error');
  if (fault === undefined) return;
  throw new ApiError(fault.status, fault.code, fault.message, fault.details ?? null);
}

function authenticate({ token, access, takeFault }: Incoming): Access {
  if (token === undefined) throw new ApiError(401, 'unauthorized', 'token is required');
  if (access === undefined || takeFault('token-revoked') !== undefined) {
    throw new ApiError(401, 'unauthorized', 'the token you have provided is invalid');
  }
  return access;
}

/** From here on the project's rate limit is told with every answer. */
function answerFor(
  parts: ApiParts,
  incoming: Incoming,
  project: Project,
  isReadOnly: boolean,
): Outgoing {
  const { clock, rateLimitPerHour: limit } = parts;
  const nowMs = clock.nowMs();
  const burst = incoming.takeFault('rate-limited');
  if (burst !== undefined) {
    const headers = rateLimitHeaders({ limit, remaining: 0, resetAtMs: nowMs + burst.resetInMs });
    return { kind: 'json', answer: toAnswer(tooManyRequests()), headers };
  }
  const isWithinLimit = project.bucket.take(nowMs);
  const headers = project.bucket.headers(nowMs);
  if (!isWithinLimit) return { kind: 'json', answer: toAnswer(tooManyRequests()), headers };
  try {
    return { kind: 'json', answer: handle(incoming, project, { isReadOnly, nowMs }), headers };
  } catch (error) {
    return { kind: 'json', answer: refusal(parts, error), headers };
  }
}

function handle(
  { endpoint, params, query, bodyText, takeFault }: Incoming,
  project: Project,
  { isReadOnly, nowMs }: { readonly isReadOnly: boolean; readonly nowMs: number },
): ApiAnswer {
  const isWrite = endpoint.method !== 'GET';
  if (isWrite && (isReadOnly || takeFault('token-readonly') !== undefined)) {
    const message = 'token is only allowed to perform GET requests';
    throw new ApiError(403, 'token_readonly', message);
  }
  const body = isWrite ? parseBody(bodyText) : {};
  return endpoint.answer({ project, params, query, body, nowMs, takeFault });
}

function parseBody(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ApiError(400, 'json_error', 'invalid JSON in request');
  }
}

function tooManyRequests(): ApiError {
  return new ApiError(429, 'rate_limit_exceeded', 'limit of requests per hour reached');
}

function refusal(parts: ApiParts, error: unknown): ApiAnswer {
  if (error instanceof ApiError) return toAnswer(error);
  parts.onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return toAnswer(new ApiError(500, 'server_error', 'internal error of the simulated cloud'));
}

function toAnswer({ status, code, message, details }: ApiError): ApiAnswer {
  return { status, body: { error: { code, message, details } } };
}
