/** How jobs wait for clouds and machines. */
export interface JobTiming {
  readonly sshTryMs: number;
  /** How often the cloud is asked while SSH is waited for. */
  readonly bootPeekMs: number;
  /** From the moment at which the server stands. */
  readonly sshLimitMs: number;
  /** How long a machine may answer with another host key, or refuse the key, while it boots. */
  readonly strangeLimitMs: number;
  readonly gateTryMs: number;
  readonly gateLimitMs: number;
  readonly scriptLimitMs: number;
  /** Looks for the end of a deletion: after the first of these, then after the next, …; the last repeats. */
  readonly goneLooksMs: readonly number[];
  readonly goneLimitMs: number;
  /** A server that is ours and in the way has to be gone. */
  readonly powerLookMs: number;
  readonly powerLimitMs: number;
  /** A machine that was asked to shut down and has not is cut off. */
  readonly shutdownMs: number;
  readonly addressLimitMs: number;
  /** Nothing that costs money is begun with less time than that left. */
  readonly createNeedsMs: number;
}

export const JOB_TIMING: JobTiming = {
  sshTryMs: 1_000,
  bootPeekMs: 15_000,
  sshLimitMs: 300_000,
  strangeLimitMs: 120_000,
  gateTryMs: 1_000,
  gateLimitMs: 300_000,
  scriptLimitMs: 1_800_000,
  goneLooksMs: [3_500, 2_500, 4_000, 8_000, 10_000],
  goneLimitMs: 300_000,
  powerLookMs: 2_000,
  powerLimitMs: 120_000,
  shutdownMs: 30_000,
  addressLimitMs: 60_000,
  createNeedsMs: 30_000,
};
