const NS_PER_SECOND = 1_000_000_000n;

/** A 64-bit time as `2026-11-23 09:00:00.001 UTC`, with as many digits in threes as it needs. */
export function timeText(timeNs: bigint): string {
  const date = new Date(Number(timeNs / NS_PER_SECOND) * 1_000);
  const seconds = date.toISOString().slice(0, 19).replace('T', ' ');
  const digits = (timeNs % NS_PER_SECOND).toString().padStart(9, '0');
  const fraction = digits.replace(/(000){1,3}$/, '');
  return fraction === '' ? `${seconds} UTC` : `${seconds}.${fraction} UTC`;
}
