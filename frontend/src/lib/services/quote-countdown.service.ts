/** How long a locked price still holds. */
export type Countdown =
  | { readonly kind: 'open'; readonly secondsLeft: number; readonly text: string }
  /** Little time is left. */
  | { readonly kind: 'closing'; readonly secondsLeft: number; readonly text: string }
  | { readonly kind: 'expired' };

const CLOSING_SECONDS = 60;
const MINUTE_SECONDS = 60;
const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000n;
/** When the remaining time is read out, in seconds; not every second. */
const SPOKEN_AT = [300, 120, 60, 30];

/** The lock of a price, by this device's clock. */
export interface PriceLock {
  /** When the answer with the quote arrived here. */
  readonly receivedAtMs: number;
  readonly createdAtNs: bigint;
  readonly expiresAtNs: bigint;
}

/**
 * When the lock ends by this device's clock, whatever that says: only the length of the lock is taken
 * from the canister. The canister decides; a second too much here is refused there.
 */
export function lockEndsAtMs({ receivedAtMs, createdAtNs, expiresAtNs }: PriceLock): number {
  return receivedAtMs + Number((expiresAtNs - createdAtNs) / NS_PER_MS);
}

export function countdownOf(endsAtMs: number, nowMs: number): Countdown {
  const secondsLeft = Math.ceil((endsAtMs - nowMs) / MS_PER_SECOND);
  if (secondsLeft <= 0) return { kind: 'expired' };
  const kind = secondsLeft <= CLOSING_SECONDS ? 'closing' : 'open';
  const minutes = Math.floor(secondsLeft / MINUTE_SECONDS);
  const seconds = (secondsLeft % MINUTE_SECONDS).toString().padStart(2, '0');
  return { kind, secondsLeft, text: `${minutes}:${seconds}` };
}

/** What a screen reader is told: the same words until the next moment that is worth saying. */
export function spokenCountdown(countdown: Countdown): string {
  if (countdown.kind === 'expired') return 'The price lock is over.';
  const { secondsLeft } = countdown;
  const passed = SPOKEN_AT.findLast((at) => secondsLeft <= at);
  if (passed === undefined) return 'The price is locked.';
  const isMinutes = passed >= MINUTE_SECONDS;
  const count = isMinutes ? passed / MINUTE_SECONDS : passed;
  const unit = isMinutes ? (count === 1 ? 'minute' : 'minutes') : 'seconds';
  return `The price is locked for less than ${count} ${unit}.`;
}
