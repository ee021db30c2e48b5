/**
 * The state directory cannot be used: another network runs on it, its files are damaged, or they
 * are of another version. The message says which, and what to do about it.
 */
export class StateDirError extends Error {
  readonly reason: 'locked' | 'damaged' | 'unsupported';

  constructor(reason: StateDirError['reason'], message: string) {
    super(message);
    this.name = 'StateDirError';
    this.reason = reason;
  }
}

/** A file is not what was written. What can be done is the same for all of them. */
export function damaged(path: string, what: string): StateDirError {
  return new StateDirError(
    'damaged',
    `${path} is damaged: ${what}. Restore it from a copy, or start over with --clean, ` +
      'which deletes the local network and everything in it.',
  );
}
