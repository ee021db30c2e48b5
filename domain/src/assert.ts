/** A broken promise of our own code. In a canister it traps, which undoes the current message. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Holds `condition` or throws. For bugs only: anything a caller can cause is a `Result`.
 * The message is shown to whoever called the canister: no secrets in it.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(`BUG: ${message}`);
}

/** Returns the value, or throws where its absence would be a bug. */
export function present<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new InvariantError(`BUG: ${message}`);
  return value;
}

/** Marks a branch that the types rule out. */
export function unreachable(value: never): never {
  throw new InvariantError(`BUG: unreachable case ${String(value)}`);
}
