import { IDL } from '@dfinity/candid';
import type { ErrorEnvelope, ErrorLeaf } from '@decent-cloud/domain/error-envelope.ts';
import { lazy } from '../candid/lazy-type.ts';
import type { Result } from '@decent-cloud/domain/result.ts';

/** The Candid payload of each leaf, by its kind; `IDL.Null` for a leaf without data. */
export type LeafTypes<Leaf extends ErrorLeaf> = Readonly<Record<Leaf['kind'], IDL.Type>>;

/** The leaves of each arm. All three arms exist from the first release on. */
export interface EnvelopeLeaves<
  Request extends ErrorLeaf,
  Temporary extends ErrorLeaf,
  Internal extends ErrorLeaf,
> {
  readonly request: LeafTypes<Request>;
  readonly temporary: LeafTypes<Temporary>;
  readonly internal: LeafTypes<Internal>;
}

/**
 * The Candid type of the envelope. Each leaf is an `opt variant`, so that a client which does not
 * know a newer leaf reads `null` and still knows by the arm what to do.
 */
export function envelopeType<R extends ErrorLeaf, T extends ErrorLeaf, I extends ErrorLeaf>(
  leaves: EnvelopeLeaves<R, T, I>,
): IDL.RecordClass {
  return lazy(() =>
    IDL.Record({
      kind: IDL.Variant({
        RequestError: leafType(leaves.request),
        TemporaryError: leafType(leaves.temporary),
        InternalError: leafType(leaves.internal),
      }),
      message: IDL.Text,
    }),
  );
}

function leafType(leaves: Readonly<Record<string, IDL.Type>>): IDL.Type {
  const cases = Object.entries(leaves).map(([kind, type]) => [pascalCase(kind), type]);
  return IDL.Opt(IDL.Variant(Object.fromEntries(cases) as Record<string, IDL.Type>));
}

/** `variant { Ok; Err }` with the envelope as `Err`. */
export function resultType(okType: IDL.Type, errorType: IDL.Type): IDL.VariantClass {
  return lazy(() => IDL.Variant({ Ok: okType, Err: errorType }));
}

/** What Azle encodes with `resultType`. */
export type WireResult<T> = { readonly Ok: T } | { readonly Err: WireEnvelope };

export interface WireEnvelope {
  readonly kind: Readonly<Record<string, [] | [Readonly<Record<string, unknown>>]>>;
  readonly message: string;
}

const ARM_NAMES = {
  request: 'RequestError',
  temporary: 'TemporaryError',
  internal: 'InternalError',
} as const;

/** Turns a result into its wire form at the very edge, in an endpoint. */
export function toWire<T, Wire>(
  result: Result<T, ErrorEnvelope>,
  okToWire: (value: T) => Wire,
): WireResult<Wire> {
  return result.kind === 'ok'
    ? { Ok: okToWire(result.value) }
    : { Err: envelopeToWire(result.error) };
}

export function envelopeToWire(error: ErrorEnvelope): WireEnvelope {
  const leaf: [] | [Record<string, unknown>] =
    error.leaf === undefined ? [] : [{ [pascalCase(error.leaf.kind)]: payload(error.leaf) }];
  return { kind: { [ARM_NAMES[error.kind]]: leaf }, message: error.message };
}

/** The leaf's data without its kind; null if there is none. */
function payload(leaf: ErrorLeaf): object | null {
  const data = Object.entries(leaf).filter(([name]) => name !== 'kind');
  return data.length === 0 ? null : Object.fromEntries(data);
}

/** `not-found` is `NotFound` on the wire. */
function pascalCase(kind: string): string {
  return kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
