/** Outcome of something that may be refused: refusals are values, only bugs are thrown. */
export type Result<T, E> = Ok<T> | Err<E>;

/** The successful arm of a `Result`. */
export interface Ok<T> {
  readonly kind: 'ok';
  readonly value: T;
}

/** The refused arm of a `Result`; `error` is a union discriminated on `kind`. */
export interface Err<E> {
  readonly kind: 'err';
  readonly error: E;
}

/** Wraps a value as success. */
export function ok<T>(value: T): Ok<T> {
  return { kind: 'ok', value };
}

/** Wraps a reason as refusal. */
export function err<E>(error: E): Err<E> {
  return { kind: 'err', error };
}

/** Applies `change` to a success and passes a refusal on. */
export function mapOk<T, U, E>(result: Result<T, E>, change: (value: T) => U): Result<U, E> {
  return result.kind === 'ok' ? ok(change(result.value)) : result;
}

/** Runs the next step on a success and passes a refusal on. */
export function andThen<T, U, E, F>(
  result: Result<T, E>,
  next: (value: T) => Result<U, F>,
): Result<U, E | F> {
  return result.kind === 'ok' ? next(result.value) : result;
}
