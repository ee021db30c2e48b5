const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves at the first signal to end, or when nobody reads the output any more. Later signals are
 * ignored, because Ctrl-C reaches a program both from the terminal and from whoever started it, and
 * ending is under way.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.on('error', () => resolve());
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });
}
