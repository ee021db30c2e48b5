import { temporaryError, type ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { err, type Result } from '@decent-cloud/domain/result.ts';

/** Somebody is at it already. */
export interface Busy {
  readonly kind: 'busy';
}

/** Keeps the memory of guards bounded whatever callers do. */
const MAX_HELD_KEYS = 10_000;

/**
 * Keys that are held while a flow awaits, so that no two flows work on one thing at once.
 *
 * A trap after an `await` undoes the message but not the hold, which was kept when the call went out.
 * The host then rejects the awaited promise once more, with a `CleanupCallback`, and keeps what
 * `finally` does in that pass. So the hold is released as long as nothing between here and the
 * `await` swallows that rejection: a `catch` around a call must rethrow what `isCleanup` recognises,
 * and must not start another call for it.
 */
export class Guards {
  readonly #held = new Set<string>();

  get heldCount(): number {
    return this.#held.size;
  }

  /** Runs the flow while holding `key`, or refuses with `busy` without running any of it. */
  async withGuard<T, E>(
    key: string,
    flow: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | ErrorArm<'temporary', Busy>>> {
    if (this.#held.has(key)) {
      return err(temporaryError({ kind: 'busy' }, 'the same thing is being done already'));
    }
    if (this.#held.size >= MAX_HELD_KEYS) {
      return err(temporaryError({ kind: 'busy' }, 'too much is being done at once'));
    }
    this.#held.add(key);
    try {
      return await flow();
    } finally {
      this.#held.delete(key);
    }
  }
}

const CLEANUP_CODE = 10_001;

/** True for the second rejection that follows a trap: let it through, whatever else you catch. */
export function isCleanup(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { type, rejectCode } = error as { type?: unknown; rejectCode?: unknown };
  return type === 'CleanupCallback' && rejectCode === CLEANUP_CODE;
}
