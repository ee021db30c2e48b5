/** So many requests of one kind had that answer. */
export interface RequestCount {
  /** Undefined if the token is nobody's. */
  readonly project: string | undefined;
  readonly token: string | undefined;
  /** `POST /servers`, `GET /servers/:id`; a path that the API has not is `*`. */
  readonly endpoint: string;
  /** 0: the connection was reset. */
  readonly status: number;
  readonly count: number;
}

/** Counts what the cloud was asked. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>();

  add(one: Omit<RequestCount, 'count'>): void {
    const key = JSON.stringify([one.project, one.token, one.endpoint, one.status]);
    this.#counts.set(key, { ...one, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  entries(): readonly RequestCount[] {
    return [...this.#counts.values()];
  }

  clear(): void {
    this.#counts.clear();
  }
}
