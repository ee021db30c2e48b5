import type { Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultWires } from '@decent-cloud/kit/wire/result-wire.ts';
import type { RequestLeaf, TemporaryLeaf } from '../../flows/treasury-errors.ts';
import {
  count,
  list,
  nanoseconds,
  nat,
  optional,
  principal,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';

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

/** The answer of a method whose success is `wire`. */
export const resultOf = resultWires<RequestLeaf, TemporaryLeaf, Unexpected>({
  request: requestLeaf,
  temporary: temporaryLeaf,
  internal: internalLeaf,
});
