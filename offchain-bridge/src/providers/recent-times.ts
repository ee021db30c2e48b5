const MAX_KEPT = 2_000;

/** When something was done to an id, for the ids of late. */
export class RecentTimes {
  readonly #times = new Map<string, number>();

  note(id: string, atMs: number): void {
    this.#times.delete(id);
    this.#times.set(id, atMs);
    const [oldest] = this.#times.keys();
    if (this.#times.size > MAX_KEPT && oldest !== undefined) this.#times.delete(oldest);
  }

  get(id: string): number | undefined {
    return this.#times.get(id);
  }
}
