export type SignInMethod = 'google' | 'passkey' | 'seed-phrase';

/** Why somebody has to open their keys again. */
export type LockReason = 'asked' | 'idle' | 'asleep' | 'expired' | 'closed';

/** How a sign-in ended without anybody signed in. None of them costs anything. */
export type SignInEnd = 'cancelled' | 'blocked' | 'timed-out' | 'not-loaded' | 'failed';

export interface MethodWords {
  readonly method: SignInMethod;
  /** On its button. */
  readonly verb: string;
  /** In a sentence. */
  readonly name: string;
  /** How it comes back after a device is lost. */
  readonly recovery: string;
}

/** All ways to sign in, in the order in which they are shown everywhere. */
export const METHODS: readonly MethodWords[] = [
  {
    method: 'google',
    verb: 'Continue with Google',
    name: 'Google',
    recovery: 'Recover with your Google account.',
  },
  {
    method: 'passkey',
    verb: 'Continue with passkey',
    name: 'passkey',
    recovery: 'Stays on your devices and their backup.',
  },
  {
    method: 'seed-phrase',
    verb: 'Use a seed phrase',
    name: 'seed phrase',
    recovery: 'Only you can recover: keep the words.',
  },
];

export function wordsOf(method: SignInMethod): MethodWords {
  const found = METHODS.find((one) => one.method === method);
  if (found === undefined) throw new Error(`BUG: no words for ${method}`);
  return found;
}

export interface EndWords {
  readonly title: string;
  readonly next: string;
  /** A person's own choice is told quietly, not as an error. */
  readonly isQuiet: boolean;
}

const ENDS: Readonly<Record<SignInEnd, EndWords>> = {
  cancelled: {
    title: 'The sign-in window was closed before it was done.',
    next: 'Nothing changed. Press the button to open it again.',
    isQuiet: true,
  },
  blocked: {
    title: 'Your browser did not open the sign-in window.',
    next: 'Allow pop-ups for this page (an icon in the address bar), then press the button again.',
    isQuiet: false,
  },
  'timed-out': {
    title: 'The sign-in window was open for too long.',
    next: 'It was closed to be safe, and nothing changed. Press the button to begin again.',
    isQuiet: false,
  },
  'not-loaded': {
    title: 'The code for signing in could not be loaded.',
    next: 'Check the connection, then press the button again.',
    isQuiet: false,
  },
  failed: {
    title: 'The sign-in was refused on the other side.',
    next: 'You are not signed in. Try again, or choose another way.',
    isQuiet: false,
  },
};

export function endWordsOf(end: SignInEnd): EndWords {
  return ENDS[end];
}

const LOCKED: Readonly<Record<LockReason, string>> = {
  asked: 'You locked it.',
  idle: 'Nobody used it for a while.',
  asleep: 'This device was asleep.',
  expired: 'A sign-in lasts one hour.',
  closed: 'Your keys are closed when the page is.',
};

/** Why the page is locked, in a sentence. */
export function lockWordsOf(reason: LockReason): string {
  return LOCKED[reason];
}

/** A principal as short as people can tell apart: `abcde…xyz12`. */
export function shortPrincipal(text: string): string {
  const parts = text.split('-');
  const [first = '', ...rest] = parts;
  const last = rest.at(-1);
  return last === undefined ? first : `${first}…${last}`;
}
