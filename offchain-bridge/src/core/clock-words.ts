const MS_PER_SECOND = 1_000;

/** `12.3 s`. */
export function secondsText(durationMs: number): string {
  return `${(durationMs / MS_PER_SECOND).toFixed(1)} s`;
}

/** How this machine's clock stands to the canister's: `0.3 s behind the canister's`. */
export function offsetText(offsetMs: number): string {
  const where = offsetMs >= 0 ? 'behind' : 'ahead of';
  return `${secondsText(Math.abs(offsetMs))} ${where} the canister's`;
}
