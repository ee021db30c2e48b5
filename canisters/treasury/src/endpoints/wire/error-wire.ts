import { IDL } from '@dfinity/candid';
import type { Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import type { RequestLeaf, TemporaryLeaf, TreasuryError } from '../../flows/treasury-errors.ts';
import { count, list, nanoseconds, nat, optional, principal, text, union } from './wire.ts';
import type { Wire } from './wire.ts';

const requestLeaf = union<RequestLeaf>({
  'not-authenticated': {},
  'not-allowed': {},
  'not-found': {},
  'invalid-argument': { argument: text },
  'unknown-token': {},
  'token-disabled': {},
  'not-configured': {},
  'quote-expired': { expiredAt: nanoseconds },
  'quote-superseded': {},
  'quote-used': {},
  'too-many-attempts': {},
  'amount-above-max': { amount: nat },
  'price-moved': {},
  'insufficient-allowance': { needed: nat },
  'insufficient-funds': { balance: nat },
  'ledger-fee-changed': { fee: nat },
  'ledger-refused': { reason: text },
  'out-of-order': { expected: count },
  'invalid-fact': { rule: text },
  'wrong-phase': { phase: text },
  'nothing-to-withdraw': {},
  'proof-refused': { reason: text },
});

const temporaryLeaf = union<TemporaryLeaf>({
  busy: {},
  'no-price': { reason: text, lastGoodAt: optional(nanoseconds) },
  'exposure-exceeded': { offer: list(principal) },
  'payment-pending': { transferId: count },
  'ledger-unavailable': {},
});

const internalLeaf = union<Unexpected>({ unexpected: {} });

/** `opt`, so that an older client reads `null` for a leaf that it does not know. */
const ServiceError = lazy(() =>
  IDL.Record({
    kind: IDL.Variant({
      RequestError: IDL.Opt(requestLeaf.type),
      TemporaryError: IDL.Opt(temporaryLeaf.type),
      InternalError: IDL.Opt(internalLeaf.type),
    }),
    message: IDL.Text,
  }),
);

/** How a method answers: `variant { Ok; Err }`. */
export interface ResultWire<T> {
  readonly type: IDL.Type;
  readonly to: (result: Result<T, TreasuryError>) => WireResult<unknown>;
}

/** The answer of a method whose success is `wire`. */
export function resultOf<T>(wire: Wire<T>): ResultWire<T> {
  return {
    type: lazy(() => IDL.Variant({ Ok: wire.type, Err: ServiceError })),
    to: (result) =>
      result.kind === 'ok' ? { Ok: wire.to(result.value) } : { Err: errorToWire(result.error) },
  };
}

/** The success of a method that has nothing to tell. */
export const nothing: Wire<null> = { type: IDL.Null, to: (value) => value };

function errorToWire(error: TreasuryError) {
  const { message } = error;
  switch (error.kind) {
    case 'request':
      return { kind: { RequestError: leafToWire(requestLeaf, error.leaf) }, message };
    case 'temporary':
      return { kind: { TemporaryError: leafToWire(temporaryLeaf, error.leaf) }, message };
    case 'internal':
      return { kind: { InternalError: leafToWire(internalLeaf, error.leaf) }, message };
  }
}

function leafToWire<T>(wire: Wire<T>, leaf: T | undefined): [] | [Record<string, unknown>] {
  return leaf === undefined ? [] : [wire.to(leaf) as Record<string, unknown>];
}
