/** One precise reason. New reasons are added over time; a program must expect unknown ones. */
export interface ErrorLeaf {
  readonly kind: string;
}

/**
 * The one error shape every canister answers with. The arm says what the caller does, the leaf why,
 * and the message is for operators only: it is never parsed and may change at any time.
 *
 * - `request`: the request is wrong; repeating it unchanged cannot succeed.
 * - `temporary`: nothing was done; the same request may succeed later.
 * - `internal`: we are at fault; the outcome may be unknown, so look before repeating.
 *
 * A leaf that the reader does not know yet arrives as `undefined`.
 */
export type ErrorEnvelope<
  Request extends ErrorLeaf = ErrorLeaf,
  Temporary extends ErrorLeaf = ErrorLeaf,
  Internal extends ErrorLeaf = ErrorLeaf,
> =
  ErrorArm<'request', Request> | ErrorArm<'temporary', Temporary> | ErrorArm<'internal', Internal>;

/** One arm of the envelope. */
export interface ErrorArm<Kind extends string, Leaf extends ErrorLeaf> {
  readonly kind: Kind;
  readonly leaf: Leaf | undefined;
  readonly message: string;
}

/** The caller is to blame. */
export function requestError<Leaf extends ErrorLeaf>(
  leaf: Leaf,
  message: string,
): ErrorArm<'request', Leaf> {
  return { kind: 'request', leaf, message };
}

/** Try again later. */
export function temporaryError<Leaf extends ErrorLeaf>(
  leaf: Leaf,
  message: string,
): ErrorArm<'temporary', Leaf> {
  return { kind: 'temporary', leaf, message };
}

/** We are to blame; the outcome may be unknown. */
export function internalError<Leaf extends ErrorLeaf>(
  leaf: Leaf,
  message: string,
): ErrorArm<'internal', Leaf> {
  return { kind: 'internal', leaf, message };
}
