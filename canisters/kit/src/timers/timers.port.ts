/** One run in the future. */
export interface Delay {
  readonly afterSeconds: number;
  readonly run: () => void | Promise<void>;
}

/** Runs again and again. */
export interface Interval {
  readonly everySeconds: number;
  readonly run: () => void | Promise<void>;
}

/** The canister's clockwork. Whole seconds; nothing of it survives an upgrade. */
export interface Timers {
  readonly once: (delay: Delay) => void;
  readonly every: (interval: Interval) => void;
}
