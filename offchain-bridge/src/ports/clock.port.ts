/** Time as a process sees it. Tests put a clock of their own in its place. */
export interface Clock {
  /** Wall clock in milliseconds since 1970. It may be wrong, and may jump. */
  nowMs(): number;
  /** Never goes back; its zero means nothing. Leases and timeouts are measured by it. */
  monotonicMs(): number;
  /** Resolves after the time; rejects with the signal's reason as soon as it is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
