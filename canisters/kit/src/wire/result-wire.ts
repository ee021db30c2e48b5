import { IDL } from '@dfinity/candid';
import type { ErrorArm, ErrorEnvelope, ErrorLeaf } from '@decent-cloud/domain/error-envelope.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '../candid/lazy-type.ts';
import type { WireResult } from '../errors/error-idl.ts';
import { unread, type Wire } from './wire.ts';

/** How a method answers: `variant { Ok; Err }`. Answers are written, never read. */
export interface ResultWire<T, E> extends Wire<Result<T, E>> {
  readonly to: (result: Result<T, E>) => WireResult<unknown>;
}

/** The leaves of a canister's error envelope. */
export interface LeafWires<R extends ErrorLeaf, T extends ErrorLeaf, I extends ErrorLeaf> {
  readonly request: Wire<R>;
  readonly temporary: Wire<T>;
  readonly internal: Wire<I>;
}

/**
 * Makes the answers of a canister's methods. Each leaf is `opt`, so that an older client reads `null`
 * for a leaf that it does not know and still knows by the arm what to do.
 */
export function resultWires<R extends ErrorLeaf, T extends ErrorLeaf, I extends ErrorLeaf>(
  leaves: LeafWires<R, T, I>,
): <V>(
  wire: Wire<V>,
) => ResultWire<V, ErrorArm<'request', R> | ErrorArm<'temporary', T> | ErrorArm<'internal', I>> {
  const ServiceError = lazy(() =>
    IDL.Record({
      kind: IDL.Variant({
        RequestError: IDL.Opt(leaves.request.type),
        TemporaryError: IDL.Opt(leaves.temporary.type),
        InternalError: IDL.Opt(leaves.internal.type),
      }),
      message: IDL.Text,
    }),
  );
  const errorToWire = (error: ErrorEnvelope<R, T, I>) => {
    const { message } = error;
    switch (error.kind) {
      case 'request':
        return { kind: { RequestError: leafToWire(leaves.request, error.leaf) }, message };
      case 'temporary':
        return { kind: { TemporaryError: leafToWire(leaves.temporary, error.leaf) }, message };
      case 'internal':
        return { kind: { InternalError: leafToWire(leaves.internal, error.leaf) }, message };
    }
  };
  return (wire) => ({
    type: lazy(() => IDL.Variant({ Ok: wire.type, Err: ServiceError })),
    to: (result) =>
      result.kind === 'ok' ? { Ok: wire.to(result.value) } : { Err: errorToWire(result.error) },
    from: unread,
  });
}

function leafToWire<T>(wire: Wire<T>, leaf: T | undefined): [] | [Record<string, unknown>] {
  return leaf === undefined ? [] : [wire.to(leaf) as Record<string, unknown>];
}
