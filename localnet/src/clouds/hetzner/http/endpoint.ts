import type { TakeFault } from '../faults/fault-board.ts';
import { notFound } from '../api-error.ts';
import type { Project } from '../project.ts';

/** A request that may be answered: its token is good and its rate limit not used up. */
export interface ApiRequest {
  readonly project: Project;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON that was sent; `{}` if nothing was. */
  readonly body: unknown;
  readonly nowMs: number;
  readonly takeFault: TakeFault;
}

export interface ApiAnswer {
  readonly status: number;
  /** Undefined: no body at all. */
  readonly body: unknown;
}

/** One route of the API. Refuses with an `ApiError`. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After `/v1`; `:id` stands for one segment. */
  readonly path: string;
  readonly answer: (request: ApiRequest) => ApiAnswer;
}

export function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

export function created(body: unknown): ApiAnswer {
  return { status: 201, body };
}

/** What has that id. Errors: `ApiError` 404. */
export function foundById<T extends { readonly id: number }>(
  items: readonly T[],
  what: string,
  id: string | undefined,
): T {
  const item = items.find((one) => one.id.toString() === id);
  if (item === undefined) throw notFound(what, id ?? '');
  return item;
}
