import { Refusal } from '../api/refusal.ts';

/** What went wrong, in words for the person who looks at the page. */
export interface Trouble {
  /** What happened. */
  readonly title: string;
  /** The canister's own words, or what else is known; may be empty. */
  readonly detail: string;
  /** What it means for the reader's money. */
  readonly money: string;
  /** What to do next. */
  readonly next: string;
  /** Whether the same again may well work. */
  readonly isRetryable: boolean;
  /** The canister's name for it: `InsufficientFunds`. Empty if it did not come from a canister. */
  readonly leaf: string;
}

export interface TroubleContext {
  /** What was tried: "The offers could not be read." */
  readonly what: string;
  /** What a failure of this attempt means for money; reading never costs anything. */
  readonly money?: string;
}

const NO_MONEY = 'No money was involved.';
/** The agent's words for a canister that was stopped, is being upgraded, or has run out of cycles. */
const AWAY =
  /is stopped|is stopping|not running|IC0508|IC0509|no wasm module|IC0537|out of cycles|IC0207/i;
const NETWORK =
  /failed to fetch|networkerror|load failed|network request failed|timed out|timeout/i;
const CLOCK =
  /ingress_expiry|did not contain any node signatures|ingress message expiry|certificate is signed more than/i;

/**
 * Words for anything that was thrown. A canister's refusal speaks for itself: its message says what
 * happened, what it means for the money, and what to do. Everything else gets words here.
 */
export function troubleOf(error: unknown, { what, money = NO_MONEY }: TroubleContext): Trouble {
  if (error instanceof Refusal) return refusalTrouble(error, what);
  const text = firstLine(error);
  const common = { title: what, money, leaf: '' };
  if (AWAY.test(text)) {
    return {
      ...common,
      detail: 'The canister is being upgraded or is stopped.',
      next: 'This takes a minute as a rule. Try again then.',
      isRetryable: true,
    };
  }
  if (CLOCK.test(text)) {
    return {
      ...common,
      detail: 'The clock of this device is off by minutes, so its calls are refused.',
      next: 'Set the clock, then try again.',
      isRetryable: true,
    };
  }
  if (NETWORK.test(text) || (typeof navigator !== 'undefined' && !navigator.onLine)) {
    return {
      ...common,
      detail: 'The network could not be reached from here.',
      next: 'Check the connection, then try again.',
      isRetryable: true,
    };
  }
  return {
    ...common,
    detail: text,
    next: 'Try again; if it stays so, tell the operator.',
    isRetryable: true,
  };
}

function refusalTrouble(refusal: Refusal, what: string): Trouble {
  const { arm, leaf, message } = refusal;
  return {
    title: what,
    detail: message,
    money: '',
    next: '',
    isRetryable: arm !== 'request',
    leaf,
  };
}

/** Agents append request details that help nobody on a page. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
