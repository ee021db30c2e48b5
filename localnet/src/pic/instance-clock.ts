const NS_PER_MS = 1_000_000n;

/**
 * The clock of an instance that progresses by itself: it runs as fast as the wall clock, from
 * whatever time the instance was set to.
 */
export class InstanceClock {
  #aheadNs = 0n;

  nowNs(): bigint {
    return wallNs() + this.#aheadNs;
  }

  /** Continues from the wall clock, or from `timeNs` if that is later. */
  startFrom(timeNs: bigint): void {
    const behindNs = timeNs - wallNs();
    this.#aheadNs = behindNs > 0n ? behindNs : 0n;
  }

  /** Continues from `timeNs`, which is not before `nowNs()`. */
  jumpTo(timeNs: bigint): void {
    this.#aheadNs = timeNs - wallNs();
  }
}

function wallNs(): bigint {
  return BigInt(Date.now()) * NS_PER_MS;
}
