export interface BackoffRule {
  /** Before the second try. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait after try number `tries` (from 1): doubles up to the longest, of which a random half
 * is taken off so that many do not come at once. `random` is from 0 to 1.
 */
export function backoffMs(rule: BackoffRule, tries: number, random: number): number {
  const doublings = Math.min(Math.max(tries, 1) - 1, 20);
  const full = Math.min(rule.firstMs * 2 ** doublings, rule.longestMs);
  return Math.round(full * (1 - random / 2));
}
