/** From so many machines on only another machine's answer shows that the way to machines is open. */
const CROWD = 3;

/**
 * What one prober heard of all the machines of all accounts, so that it can tell an outage of theirs from
 * one of its own: when all of them are missed at once it is the prober that is cut off, even if it still
 * reaches the canister. Of one or two machines nobody can tell; there the canister's answer counts, too.
 */
export class Sight<Id> {
  readonly #heardAtMs = new Map<Id, number>();

  /** It is measured from now on. */
  watch(id: Id): void {
    if (!this.#heardAtMs.has(id)) this.#heardAtMs.set(id, Number.NEGATIVE_INFINITY);
  }

  /** It answered; monotonic. */
  heard(id: Id, atMs: number): void {
    this.#heardAtMs.set(id, atMs);
  }

  /** It is not measured any more. */
  forget(id: Id): void {
    this.#heardAtMs.delete(id);
  }

  /** When somebody but this machine last answered who shows that the way to it is open; monotonic. */
  heardBesideMs(machine: Id, canisterAtMs: number): number {
    const isCrowd = this.#heardAtMs.size >= CROWD;
    let latestMs = isCrowd ? Number.NEGATIVE_INFINITY : canisterAtMs;
    for (const [id, atMs] of this.#heardAtMs) {
      if (id !== machine) latestMs = Math.max(latestMs, atMs);
    }
    return latestMs;
  }
}
