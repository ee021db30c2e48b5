/** How long things take at the real cloud, as far as it is known; milliseconds. */
const REAL_MS = {
  create: 11_000,
  start: 2_000,
  stop: 2_000,
  /** Until the action ends; the system itself takes longer. */
  shutdown: 1_000,
  guestShutdown: 5_000,
  reboot: 1_000,
  rebuild: 11_000,
  settings: 500,
  delete: 3_000,
  /** Addresses count against the quota for a while after their server is gone. */
  addressRelease: 30_000,
};

export type Durations = Readonly<Record<keyof typeof REAL_MS, number>>;

/** 1 is reality, 0 is at once. */
export function durationsFor(timeFactor: number): Durations {
  const scaled = Object.entries(REAL_MS).map(([name, ms]) => [name, Math.round(ms * timeFactor)]);
  return Object.fromEntries(scaled) as Durations;
}
